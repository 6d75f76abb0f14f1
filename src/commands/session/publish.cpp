#include "commands/session/publish.hpp"

#include <utility>

#include "commands/session/hold_lines.hpp"
#include "irc/text/text.hpp"

namespace signaller::commands {
namespace {

irc::FormCounts without(irc::FormCounts counts, const irc::Peer* peer) {
  if (peer != nullptr && peer->is_live()) --counts[peer->form()];
  return counts;
}

bool nobody(const irc::FormCounts& counts) {
  return counts[irc::PlainForm] == 0 && counts[irc::TaggedForm] == 0;
}

port::ConnectionId connection_of(const irc::Peer* peer) {
  return peer == nullptr ? port::ConnectionId{} : peer->connection();
}

}  // namespace

port::Lane lane_of(const irc::Channel& channel) {
  return static_cast<port::Lane>(channel.topic_id());
}

port::Lane private_lane(port::ConnectionId sender) {
  constexpr port::Lane Private = port::Lane{1} << 63U;
  return Private | (port::Lane{sender.node & 0x7fffU} << 48U) | (port::Lane{sender.shard} << 32U) |
         sender.slot;
}

bool is_big(const SlashState& slash, const irc::Channel& channel) {
  return channel.members().size() > slash.options.limits.presence;
}

void publish(SlashState& slash, port::Effects& out, const irc::Channel& channel, irc::Line line,
             port::FrameClass frame_class, const irc::Peer* except, std::uint64_t seq) {
  // Usually no reader has held lines: then the list of topics need not be made.
  if (!slash.held_lines_index.readers.empty()) {
    hold_published(slash, out, {channel.topic_id()}, line, seq, frame_class, connection_of(except));
  }
  const auto needed = without(channel.audience(), except);
  if (nobody(needed)) return;
  out.add(port::Publish{channel.topic_id(), std::move(line).encode(needed), frame_class,
                        connection_of(except)});
}

void publish_shared(SlashState& slash, port::Effects& out, const irc::Peer& about, irc::Line line,
                    port::FrameClass frame_class, bool suppressed_in_big_channels) {
  port::PublishUnion all;
  irc::FormCounts needed{};
  for (const irc::Channel* channel : about.channels()) {
    if (suppressed_in_big_channels && is_big(slash, *channel) &&
        channel->rank_of(about.id()) == irc::Rank::None) {
      continue;
    }
    const auto counts = without(channel->audience(), &about);
    if (nobody(counts)) continue;
    all.topics.push_back(channel->topic_id());
    for (std::size_t form = 0; form < needed.size(); ++form) needed[form] += counts[form];
  }
  if (all.topics.empty()) return;
  hold_published(slash, out, all.topics, line, 0, frame_class, about.connection());
  all.forms = std::move(line).encode(needed);
  all.frame_class = frame_class;
  all.except = about.connection();
  out.add(std::move(all));
}

void publish_everybody(SlashState& slash, port::Effects& out, irc::Line line,
                       const irc::Peer* except) {
  const auto needed = without(slash.world.audience(), except);
  if (nobody(needed)) return;
  out.add(port::Publish{slash.world.everybody(), std::move(line).encode(needed),
                        port::FrameClass::Chat, connection_of(except)});
}

void tell_peer(SlashState& slash, port::Effects& out, const irc::Peer& peer, const irc::Line& line,
               port::FrameClass frame_class, port::Lane lane, std::uint64_t seq) {
  Session* session = slash.find_session(peer.connection());
  if (session == nullptr) return;
  std::string text = line.render(peer.form());
  if (session->held_lines && session->held_lines->mail) {
    hold_line(slash, out, *session, {std::move(text), frame_class, lane, port::TopicId::None, seq});
  } else {
    out.add(port::Send{peer.connection(), std::move(text), frame_class, lane, false});
  }
}

void publish_counts(SlashState& slash, port::Effects& out, port::Instant now) {
  if (slash.big_channels.empty()) return;
  for (const std::string& folded : slash.big_channels.take_due(now.steady_ms)) {
    const auto found = slash.world.channels().find(folded);
    if (found == slash.world.channels().end()) continue;  // the channel was deleted in the meantime
    const irc::MemberCount event{slash.options.server_name, found->second};
    irc::Line line = line_of(event);
    line.at(now.unix_ms);
    publish(slash, out, found->second, std::move(line), irc::MemberCount::Class, nullptr);
  }
}

}  // namespace signaller::commands
