#include "commands/session/hold_lines.hpp"

#include <algorithm>
#include <utility>

#include "commands/session/close_codes.hpp"

namespace signaller::commands {
namespace {

constexpr std::size_t MostBytes = std::size_t{1} << 20U;        // maximum for one reader
constexpr std::size_t MostBytesOfAll = std::size_t{64} << 20U;  // maximum for all readers

void forget_reader(HeldLinesIndex& held_lines_index, port::TopicId topic, port::ConnectionId who) {
  const auto found = held_lines_index.readers.find(topic);
  if (found == held_lines_index.readers.end()) return;
  auto& readers = found->second;
  readers.erase(std::remove(readers.begin(), readers.end(), who), readers.end());
  if (readers.empty()) held_lines_index.readers.erase(found);
}

std::size_t cost(const HeldLine& held) {
  return sizeof held + held.text.size();
}

}  // namespace

void subscribe(port::Effects& out, const irc::Peer& peer, port::TopicId topic) {
  out.add(port::Subscribe{peer.connection(), topic, peer.form(), peer.caps().no_presence});
}

void hold_lines(SlashState& slash, port::Effects& out, Session& session,
                const irc::Channel& channel) {
  if (!session.held_lines) session.held_lines = std::make_unique<HeldLines>();
  auto& topics = session.held_lines->topics;
  if (std::find(topics.begin(), topics.end(), channel.topic_id()) != topics.end()) return;
  topics.push_back(channel.topic_id());
  slash.held_lines_index.readers[channel.topic_id()].push_back(session.connection);
  out.add(port::Unsubscribe{session.connection, channel.topic_id()});
}

void hold_mail(Session& session) {
  if (!session.held_lines) session.held_lines = std::make_unique<HeldLines>();
  session.held_lines->mail = true;
}

void release_held_lines(SlashState& slash, port::Effects& out, Session& session) {
  if (!session.held_lines) return;
  const auto held_lines = std::move(session.held_lines);
  slash.held_lines_index.bytes -= held_lines->bytes;
  for (auto& held : held_lines->lines) {
    out.add(
        port::Send{session.connection, std::move(held.text), held.frame_class, held.lane, false});
  }
  for (const port::TopicId topic : held_lines->topics) {
    forget_reader(slash.held_lines_index, topic, session.connection);
    subscribe(out, *session.peer, topic);
  }
}

void drop_held_lines(SlashState& slash, Session& session) {
  if (!session.held_lines) return;
  slash.held_lines_index.bytes -= session.held_lines->bytes;
  for (const port::TopicId topic : session.held_lines->topics) {
    forget_reader(slash.held_lines_index, topic, session.connection);
  }
  const auto& lines = session.held_lines->lines;
  const auto mail = std::count_if(lines.begin(), lines.end(), [](const HeldLine& held) {
    return held.topic == port::TopicId::None && held.seq != 0;
  });
  slash.world.mailboxes().take_back(*session.peer, static_cast<std::size_t>(mail));
  session.held_lines.reset();
}

void stop_holding(SlashState& slash, Session& session, port::TopicId topic) {
  if (!session.held_lines) return;
  auto& topics = session.held_lines->topics;
  topics.erase(std::remove(topics.begin(), topics.end(), topic), topics.end());
  forget_reader(slash.held_lines_index, topic, session.connection);
}

void forget_held(SlashState& slash, Session& session, port::TopicId topic, std::uint64_t seq) {
  if (!session.held_lines) return;
  auto& lines = session.held_lines->lines;
  const auto replayed = [&](const HeldLine& held) {
    if (held.topic != topic || held.seq == 0 || held.seq > seq) return false;
    session.held_lines->bytes -= cost(held);
    slash.held_lines_index.bytes -= cost(held);
    return true;
  };
  lines.erase(std::remove_if(lines.begin(), lines.end(), replayed), lines.end());
}

void hold_published(SlashState& slash, port::Effects& out, const std::vector<port::TopicId>& topics,
                    const irc::Line& line, std::uint64_t seq, port::FrameClass frame_class,
                    port::ConnectionId except) {
  if (slash.held_lines_index.readers.empty()) return;
  std::vector<port::ConnectionId> receivers{except};
  for (const port::TopicId topic : topics) {
    const auto found = slash.held_lines_index.readers.find(topic);
    if (found == slash.held_lines_index.readers.end()) continue;
    // A copy, because hold_line may remove a reader.
    const std::vector<port::ConnectionId> readers = found->second;
    for (const port::ConnectionId who : readers) {
      Session* session = slash.find_session(who);
      if (session == nullptr || session->peer == nullptr) continue;
      if (std::find(receivers.begin(), receivers.end(), who) != receivers.end()) continue;
      receivers.push_back(who);
      const irc::Peer& peer = *session->peer;
      if (peer.caps().no_presence && frame_class == port::FrameClass::Presence) continue;
      hold_line(
          slash, out, *session,
          {line.render(peer.form()), frame_class, static_cast<port::Lane>(topic), topic, seq});
    }
  }
}

void hold_line(SlashState& slash, port::Effects& out, Session& session, HeldLine line) {
  const std::size_t size = cost(line);
  session.held_lines->bytes += size;
  slash.held_lines_index.bytes += size;
  session.held_lines->lines.push_back(std::move(line));
  if (session.held_lines->bytes <= MostBytes && slash.held_lines_index.bytes <= MostBytesOfAll)
    return;
  const std::string_view reason =
      session.held_lines->bytes > MostBytes
          ? "too slow: 1 MiB of lines waited for your replay; reconnect with `since` in /descp"
          : "too slow: 64 MiB of lines of all peers waited for replays; reconnect with `since` in "
            "/descp";
  drop_held_lines(slash, session);
  session.closing = true;
  out.add(port::Close{session.connection, close_code::TooSlow, std::string(reason)});
}

}  // namespace signaller::commands
