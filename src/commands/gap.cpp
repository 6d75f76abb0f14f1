#include "commands/gap.hpp"

#include <algorithm>
#include <utility>

#include "commands/close_codes.hpp"
#include "commands/core.hpp"
#include "commands/membership.hpp"
#include "commands/publish.hpp"

namespace signaller::commands {
namespace {

constexpr std::size_t MostBytes = std::size_t{1} << 20U;        // for one reader
constexpr std::size_t MostBytesOfAll = std::size_t{64} << 20U;  // for all

void forget_reader(Gaps& gaps, port::TopicId topic, port::ConnectionId who) {
  const auto found = gaps.readers.find(topic);
  if (found == gaps.readers.end()) return;
  auto& readers = found->second;
  readers.erase(std::remove(readers.begin(), readers.end(), who), readers.end());
  if (readers.empty()) gaps.readers.erase(found);
}

std::size_t cost(const Gap::Waiting& waiting) {
  return sizeof waiting + waiting.line.size();
}

}  // namespace

void open_gap(Core& core, port::Effects& out, Session& session, const irc::Channel& channel) {
  if (!session.gap) session.gap = std::make_unique<Gap>();
  auto& topics = session.gap->topics;
  if (std::find(topics.begin(), topics.end(), channel.topic_id()) != topics.end()) return;
  topics.push_back(channel.topic_id());
  core.gaps.readers[channel.topic_id()].push_back(session.connection);
  out.add(port::Unsubscribe{session.connection, channel.topic_id()});
}

void open_mail_gap(Session& session) {
  if (!session.gap) session.gap = std::make_unique<Gap>();
  session.gap->mail = true;
}

void close_gap(Core& core, port::Effects& out, Session& session) {
  if (!session.gap) return;
  const auto gap = std::move(session.gap);
  core.gaps.bytes -= gap->bytes;
  for (auto& waiting : gap->lines) {
    out.add(port::Send{session.connection, std::move(waiting.line), waiting.frame_class,
                       waiting.lane, false});
  }
  for (const port::TopicId topic : gap->topics) {
    forget_reader(core.gaps, topic, session.connection);
    subscribe(out, *session.peer, topic);
  }
}

void drop_gap(Core& core, Session& session) {
  if (!session.gap) return;
  core.gaps.bytes -= session.gap->bytes;
  for (const port::TopicId topic : session.gap->topics) {
    forget_reader(core.gaps, topic, session.connection);
  }
  const auto& lines = session.gap->lines;
  const auto mail = std::count_if(lines.begin(), lines.end(), [](const Gap::Waiting& waiting) {
    return waiting.topic == port::TopicId::None && waiting.seq != 0;
  });
  core.world.take_back(*session.peer, static_cast<std::size_t>(mail));
  session.gap.reset();
}

void leave_gap(Core& core, Session& session, port::TopicId topic) {
  if (!session.gap) return;
  auto& topics = session.gap->topics;
  topics.erase(std::remove(topics.begin(), topics.end(), topic), topics.end());
  forget_reader(core.gaps, topic, session.connection);
}

void forget_waiting(Core& core, Session& session, port::TopicId topic, std::uint64_t seq) {
  if (!session.gap) return;
  auto& lines = session.gap->lines;
  const auto replayed = [&](const Gap::Waiting& waiting) {
    if (waiting.topic != topic || waiting.seq == 0 || waiting.seq > seq) return false;
    session.gap->bytes -= cost(waiting);
    core.gaps.bytes -= cost(waiting);
    return true;
  };
  lines.erase(std::remove_if(lines.begin(), lines.end(), replayed), lines.end());
}

void fill_gaps(Core& core, port::Effects& out, const std::vector<port::TopicId>& topics,
               const irc::Line& line, std::uint64_t seq, port::FrameClass frame_class,
               port::ConnectionId except) {
  if (core.gaps.readers.empty()) return;
  std::vector<port::ConnectionId> told{except};
  for (const port::TopicId topic : topics) {
    const auto found = core.gaps.readers.find(topic);
    if (found == core.gaps.readers.end()) continue;
    const std::vector<port::ConnectionId> readers = found->second;  // a full gap takes one out
    for (const port::ConnectionId who : readers) {
      Session* session = core.find_session(who);
      if (session == nullptr || session->peer == nullptr) continue;
      if (std::find(told.begin(), told.end(), who) != told.end()) continue;
      told.push_back(who);
      const irc::Peer& peer = *session->peer;
      if (peer.caps().no_presence && frame_class == port::FrameClass::Presence) continue;
      wait_in_gap(
          core, out, *session,
          {line.render(peer.form()), frame_class, static_cast<port::Lane>(topic), topic, seq});
    }
  }
}

void wait_in_gap(Core& core, port::Effects& out, Session& session, Gap::Waiting waiting) {
  const std::size_t size = cost(waiting);
  session.gap->bytes += size;
  core.gaps.bytes += size;
  session.gap->lines.push_back(std::move(waiting));
  if (session.gap->bytes <= MostBytes && core.gaps.bytes <= MostBytesOfAll) return;
  const std::string_view reason = session.gap->bytes > MostBytes
                                      ? "1 MiB was said during its replay: resume with since"
                                      : "64 MiB wait for replays: resume with since";
  drop_gap(core, session);
  session.closing = true;
  out.add(port::Close{session.connection, close_code::TooSlow, std::string(reason)});
}

}  // namespace signaller::commands
