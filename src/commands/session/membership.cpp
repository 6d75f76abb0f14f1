#include "commands/session/membership.hpp"

#include <utility>

#include "commands/session/publish.hpp"
#include "irc/events.hpp"
#include "irc/text/text.hpp"

namespace signaller::commands {

bool is_suppressed(const SlashState& slash, const irc::Peer& peer, const irc::Channel& channel) {
  return is_big(slash, channel) && channel.rank_of(peer.id()) == irc::Rank::None;
}

void note_count(SlashState& slash, const irc::Peer& peer, const irc::Channel& channel) {
  if (is_suppressed(slash, peer, channel)) slash.big_channels.changed(irc::fold(channel.name()));
}

std::string with_reason(std::string_view text, std::string_view reason) {
  return reason.empty() ? std::string(text) : std::string(text).append(": ").append(reason);
}

void leave(SlashState& slash, port::Effects& out, irc::Peer& peer, irc::Channel& channel,
           bool for_good) {
  if (Session* session = slash.find_session(peer.connection()); session != nullptr) {
    stop_holding(slash, *session, channel.topic_id());
    out.add(port::Unsubscribe{peer.connection(), channel.topic_id()});
  }
  slash.world.leave(peer, channel, for_good);
}

void forget_work(SlashState& slash, port::Effects& out, Session& session) {
  drop_held_lines(slash, session);
  session.reply.reset();
  session.deferred.clear();
  if (session.pending_request == 0) return;
  slash.pending_requests.erase(session.pending_request);
  session.pending_request = 0;
  out.add(port::Release{session.connection});  // the edge may delay on_close until this Release
}

void detach(SlashState& slash, port::Effects& out, irc::Peer& peer) {
  const auto found = slash.sessions.find(peer.connection());
  if (found == slash.sessions.end()) return;
  Session& session = found->second;
  forget_work(slash, out, session);
  for (const irc::Channel* channel : peer.channels()) {
    out.add(port::Unsubscribe{session.connection, channel->topic_id()});
  }
  out.add(port::Unsubscribe{session.connection, slash.world.everybody()});
  session.peer = nullptr;
  session.closing = true;
}

void end_peer(SlashState& slash, port::Effects& out, irc::Peer& peer, std::string_view reason,
              port::Instant now) {
  const irc::Quit event{peer, reason};
  irc::Line line = line_of(event);
  line.at(now.unix_ms);
  publish_shared(slash, out, peer, std::move(line), irc::Quit::Class,
                 irc::Quit::SuppressedInBigChannels);
  for (const irc::Channel* channel : peer.channels()) note_count(slash, peer, *channel);
  detach(slash, out, peer);
  slash.suspended.remove(peer.id());
  slash.world.remove(peer, now);
}

void suspend_or_end(SlashState& slash, port::Effects& out, irc::Peer& peer, port::Instant now) {
  const bool has_mail = slash.world.mailboxes().expire(peer, now);
  const std::int64_t for_ms = peer.state().resume_ms;
  if (for_ms == 0 || slash.options.limits.suspended == 0 ||
      (peer.channels().empty() && !has_mail)) {
    end_peer(slash, out, peer, "connection lost", now);
    return;
  }
  while (slash.suspended.size() >= slash.options.limits.suspended) {
    end_peer(slash, out, *slash.world.find(slash.suspended.oldest()), "connection lost", now);
  }
  const Session* session = slash.find_session(peer.connection());
  const port::TokenBucket bucket = session == nullptr ? port::TokenBucket{} : session->bucket;
  detach(slash, out, peer);
  slash.world.suspend(peer);
  slash.suspended.add(peer.id(), now.steady_ms + for_ms, bucket);
}

void remove_peer(SlashState& slash, port::Effects& out, irc::Peer& peer, std::uint16_t code,
                 std::string_view close_reason, std::string_view quit_reason, port::Instant now) {
  const port::ConnectionId connection = peer.connection();
  end_peer(slash, out, peer, quit_reason, now);
  if (connection.valid()) out.add(port::Close{connection, code, std::string(close_reason)});
}

void end_session(SlashState& slash, port::Effects& out, Session& session, std::uint16_t code,
                 std::string_view close_reason, std::string_view quit_reason, port::Instant now) {
  if (session.closing) return;
  if (session.peer != nullptr) {
    remove_peer(slash, out, *session.peer, code, close_reason, quit_reason, now);
    return;
  }
  slash.registration_deadlines.remove(session.registration_deadline);
  session.closing = true;
  out.add(port::Close{session.connection, code, std::string(close_reason)});
}

}  // namespace signaller::commands
