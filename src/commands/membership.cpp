#include "commands/membership.hpp"

#include <utility>

#include "commands/publish.hpp"
#include "irc/events.hpp"
#include "irc/text.hpp"

namespace signaller::commands {

void subscribe(port::Effects& out, const irc::Peer& peer, port::TopicId topic) {
  out.add(port::Subscribe{peer.connection(), topic, peer.form(), peer.caps().no_presence});
}

bool is_hushed(const Core& core, const irc::Peer& peer, const irc::Channel& channel) {
  return is_big(core, channel) && channel.rank_of(peer.id()) == irc::Rank::None;
}

void note_count(Core& core, const irc::Peer& peer, const irc::Channel& channel) {
  if (is_hushed(core, peer, channel)) core.big_channels.changed(irc::fold(channel.name()));
}

void leave(port::Effects& out, irc::World& world, irc::Peer& peer, irc::Channel& channel) {
  out.add(port::Unsubscribe{peer.connection(), channel.topic_id()});
  world.leave(peer, channel);
}

void end_peer(Core& core, port::Effects& out, Session& session, std::string_view reason,
              bool unsubscribe, port::Instant now) {
  irc::Peer& peer = *session.peer;
  const irc::Quitted event{peer, reason};
  irc::Line line = line_of(event);
  line.at(now.unix_ms);
  publish_shared(core, out, peer, std::move(line), irc::Quitted::Class, irc::Quitted::Hushed);
  for (const irc::Channel* channel : peer.channels()) {
    note_count(core, peer, *channel);
    if (unsubscribe) out.add(port::Unsubscribe{peer.connection(), channel->topic_id()});
  }
  if (unsubscribe) out.add(port::Unsubscribe{peer.connection(), irc::World::everybody()});
  core.world.remove(peer);
  session.peer = nullptr;
}

}  // namespace signaller::commands
