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

std::string with_reason(std::string_view text, std::string_view reason) {
  return reason.empty() ? std::string(text) : std::string(text).append(": ").append(reason);
}

void leave(Core& core, port::Effects& out, irc::Peer& peer, irc::Channel& channel, bool for_good) {
  if (Session* session = core.find_session(peer.connection()); session != nullptr) {
    leave_gap(core, *session, channel.topic_id());
    out.add(port::Unsubscribe{peer.connection(), channel.topic_id()});
  }
  core.world.leave(peer, channel, for_good);
}

void forget_work(Core& core, port::Effects& out, Session& session) {
  drop_gap(core, session);
  session.reply.reset();
  session.deferred.clear();
  if (session.awaited == 0) return;
  core.awaited.erase(session.awaited);
  session.awaited = 0;
  out.add(port::Release{session.connection});  // its end may be waiting for that
}

void unseat(Core& core, port::Effects& out, irc::Peer& peer) {
  const auto found = core.sessions.find(peer.connection());
  if (found == core.sessions.end()) return;
  Session& session = found->second;
  forget_work(core, out, session);
  for (const irc::Channel* channel : peer.channels()) {
    out.add(port::Unsubscribe{session.connection, channel->topic_id()});
  }
  out.add(port::Unsubscribe{session.connection, irc::World::everybody()});
  session.peer = nullptr;
  session.closing = true;
}

void end_peer(Core& core, port::Effects& out, irc::Peer& peer, std::string_view reason,
              port::Instant now) {
  const irc::Quitted event{peer, reason};
  irc::Line line = line_of(event);
  line.at(now.unix_ms);
  publish_shared(core, out, peer, std::move(line), irc::Quitted::Class, irc::Quitted::Hushed);
  for (const irc::Channel* channel : peer.channels()) note_count(core, peer, *channel);
  unseat(core, out, peer);
  core.suspended.remove(peer.id());
  core.world.remove(peer, now);
}

void suspend_or_end(Core& core, port::Effects& out, irc::Peer& peer, port::Instant now) {
  const bool has_mail = core.world.has_mail(peer, now);
  const std::int64_t for_ms = peer.state().resume_ms;
  if (for_ms == 0 || core.options.limits.suspended == 0 || (peer.channels().empty() && !has_mail)) {
    end_peer(core, out, peer, "connection lost", now);
    return;
  }
  while (core.suspended.size() >= core.options.limits.suspended) {
    end_peer(core, out, *core.world.find(core.suspended.oldest()), "connection lost", now);
  }
  const Session* session = core.find_session(peer.connection());
  const port::Bucket bucket = session == nullptr ? port::Bucket{} : session->bucket;
  unseat(core, out, peer);
  core.world.suspend(peer);
  core.suspended.add(peer.id(), now.steady_ms + for_ms, bucket);
}

void remove_peer(Core& core, port::Effects& out, irc::Peer& peer, std::uint16_t code,
                 std::string_view close_reason, std::string_view quit_reason, port::Instant now) {
  const port::ConnectionId connection = peer.connection();
  end_peer(core, out, peer, quit_reason, now);
  if (connection.valid()) out.add(port::Close{connection, code, std::string(close_reason)});
}

void end_session(Core& core, port::Effects& out, Session& session, std::uint16_t code,
                 std::string_view close_reason, std::string_view quit_reason, port::Instant now) {
  if (session.closing) return;
  if (session.peer != nullptr) {
    remove_peer(core, out, *session.peer, code, close_reason, quit_reason, now);
    return;
  }
  core.waiting.remove(session.waiting);
  session.closing = true;
  out.add(port::Close{session.connection, code, std::string(close_reason)});
}

}  // namespace signaller::commands
