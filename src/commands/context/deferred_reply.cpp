#include "commands/context/deferred_reply.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "commands/session/hold_lines.hpp"

namespace signaller::commands {

void DeferredReply::start(ReplyPart part) {
  Session& session = request_.session;
  if (session.unread) return;
  if (!session.reply) {
    session.reply = std::make_unique<LongReply>();
    session.reply->command = request_.command;
    session.reply->label = request_.label;
    session.reply->target = ack_.target();
  }
  session.reply->parts.push_back(std::move(part));
}

/// Adds the next piece to the effects. Returns false if another piece is left. Then the flag `more`
/// of the last line in this piece asks for on_drain as soon as that line has been written.
bool DeferredReply::fill_piece(Context& ctx, Effects& out) {
  const Session& session = request_.session;
  auto& parts = session.reply->parts;
  const auto send_at = [&](std::size_t i) {
    auto* send = std::get_if<port::Send>(&*(out.begin() + static_cast<std::ptrdiff_t>(i)));
    return send != nullptr && send->to == session.connection ? send : nullptr;
  };
  std::size_t looked_at = out.size();
  std::size_t bytes = 0;
  std::optional<std::size_t> last;
  while (!parts.empty()) {
    const bool done = parts.front().step(ctx, parts.front(), out);
    if (done) parts.pop_front();
    for (; looked_at < out.size(); ++looked_at) {
      const port::Send* send = send_at(looked_at);
      if (send == nullptr) continue;
      bytes += send->text.size();
      last = looked_at;
    }
    if (!last || parts.empty() || (done && bytes < ReplyPieceBytes)) continue;
    send_at(*last)->more = true;
    return false;
  }
  return true;
}

/// Called before a replay continues in another turn: holds live lines until the replay ends. Holds
/// the lines of all the caller's channels, not only of the replayed one: an event in several
/// channels must be sent once, and in order.
void DeferredReply::hold_live_lines(Effects& out) {
  Session& session = request_.session;
  const auto& parts = session.reply->parts;
  const auto has = [&parts](auto is_it) { return std::any_of(parts.begin(), parts.end(), is_it); };
  const auto is_replay = [](const ReplyPart& part) { return part.kind == ReplyPartKind::Replay; };
  if (has([&](const ReplyPart& part) { return is_replay(part) && part.name == "*"; }) &&
      !has([](const ReplyPart& part) { return part.kind == ReplyPartKind::Mail; })) {
    hold_mail(session);
  }
  if (!has([&](const ReplyPart& part) { return is_replay(part) && part.name != "*"; })) return;
  for (const irc::Channel* channel : session.peer->channels()) {
    const bool burst_to_come = has([&](const ReplyPart& part) {
      return part.kind == ReplyPartKind::Burst && part.name == channel->name();
    });
    if (!burst_to_come) hold_lines(request_.slash, out, session, *channel);
  }
}

void DeferredReply::next_piece(Context& ctx, Effects& out) {
  if (!fill_piece(ctx, out)) {
    hold_live_lines(out);
    return;
  }
  Session& session = request_.session;
  release_held_lines(request_.slash, out, session);
  ack_.set(session.reply->target);
  // Keeps the reply alive until the ACK is made, because the reply owns the label.
  const auto ended = std::move(session.reply);
  ack_.add(out);
}

std::uint64_t DeferredReply::await(Effects& out, PendingRequest pending_request) {
  SlashState& slash = request_.slash;
  Session& session = request_.session;
  pending_request.who = session.connection;
  pending_request.command = request_.command;
  pending_request.label = request_.label;
  session.pending_request = ++slash.last_token;
  slash.pending_requests.emplace(session.pending_request, std::move(pending_request));
  out.add(port::Hold{session.connection});
  return session.pending_request;
}

}  // namespace signaller::commands
