#include "commands/slash_protocol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "commands/context/context.hpp"
#include "commands/gate.hpp"
#include "commands/landing_page.hpp"
#include "commands/session/acks.hpp"
#include "commands/session/ban_list.hpp"
#include "commands/session/charge.hpp"
#include "commands/session/close_codes.hpp"
#include "commands/session/hold_lines.hpp"
#include "commands/session/membership.hpp"
#include "commands/session/metrics.hpp"
#include "commands/session/publish.hpp"
#include "commands/session/recovery.hpp"
#include "commands/session/slash_state.hpp"
#include "irc/line.hpp"

namespace signaller::commands {
namespace {

using port::Effects;
using port::Instant;

irc::Line notice(const SlashState& slash, std::string_view text, Instant now) {
  irc::Line line(slash.options.server_name, "NOTICE");
  line.param("*").trailing(text);
  line.at(now.unix_ms);
  return line;
}

/// Requests a Wake for the earliest of all deadlines, unless an earlier one is requested already.
void arm(SlashState& slash, Effects& out, Instant now) {
  std::optional<std::int64_t> next;
  const auto or_none = [](std::int64_t due) {
    return due == 0 ? std::nullopt : std::optional<std::int64_t>(due);
  };
  for (const auto due :
       {slash.registration_deadlines.deadline_ms(), slash.big_channels.next_ms(),
        acks_due_ms(slash), slash.suspended.deadline_ms(),
        or_none(slash.world.mailboxes().due_ms()), or_none(slash.identities_due_ms),
        slash.write_behind.put_off_ms(slash.world, now)}) {
    if (due) next = std::min(next.value_or(*due), *due);
  }
  if (!next || (slash.wake_ms && *slash.wake_ms <= *next)) return;
  slash.wake_ms = next;
  out.add(port::Wake{*next});
}

/// Expires owned ids every 10 minutes, and at once if there are more ids than the limit.
void look_through_identities(SlashState& slash, Instant now) {
  constexpr std::int64_t BetweenMs = 600'000;
  if (slash.world.identities().size() == 0) {
    slash.identities_due_ms = 0;
    return;
  }
  const bool too_many = slash.world.identities().size() > slash.options.limits.identities;
  if (too_many || (slash.identities_due_ms != 0 && slash.identities_due_ms <= now.steady_ms)) {
    slash.world.expire_identities(slash.options.id_retention_ms, now);
    slash.identities_due_ms = 0;
  }
  if (slash.identities_due_ms == 0) slash.identities_due_ms = now.steady_ms + BetweenMs;
}

/// Completes the effects at the end of every input.
Effects finish(SlashState& slash, Effects out, Instant now) {
  look_through_identities(slash, now);
  publish_counts(slash, out, now);
  arm(slash, out, now);
#ifndef NDEBUG
  constexpr std::size_t QuickToCheck = 64;
  if (slash.world.peers().size() <= QuickToCheck) assert(slash.world.check().empty());
#endif
  return out;
}

void close_overdue(SlashState& slash, Effects& out, Instant now) {
  while (const auto id = slash.registration_deadlines.overdue(now.steady_ms)) {
    Session& session = slash.sessions.at(*id);
    slash.registration_deadlines.remove(session.registration_deadline);
    session.closing = true;
    out.add(port::Close{*id, close_code::NotDescribedInTime,
                        "no valid /descp in time: describe_timeout"});
  }
}

void end_overdue(SlashState& slash, Effects& out, Instant now) {
  constexpr int Most = 64;  // maximum for one tick; the next tick ends the other peers
  for (int i = 0; i < Most; ++i) {
    const auto id = slash.suspended.overdue(now.steady_ms);
    if (!id) return;
    irc::Peer* peer = slash.world.find(*id);
    assert(peer != nullptr);
    end_peer(slash, out, *peer, "connection lost", now);
  }
}

/// Removes the pending request of this answer and returns its session, which is no longer busy;
/// null if the connection has gone.
Session* take_pending_request(SlashState& slash, std::uint64_t token,
                              PendingRequest& pending_request) {
  const auto found = slash.pending_requests.find(token);
  if (found == slash.pending_requests.end()) return nullptr;
  pending_request = std::move(found->second);
  slash.pending_requests.erase(found);
  Session* session = slash.find_session(pending_request.who);
  if (session == nullptr || session->pending_request != token) return nullptr;
  session->pending_request = 0;
  return session;
}

/// Completes a command that waited for the edge, then runs the lines that arrived in the meantime.
/// @param act  makes the command's answer
template <class Act>
void go_on(SlashState& slash, Session& session, const PendingRequest& pending_request, Instant now,
           Effects& out, Act act) {
  Context ctx({slash, session, now, pending_request.label, pending_request.command});
  auto result = act(ctx);
  if (result) {
    out += std::move(*result);
    ctx.acknowledgement().add(out);
  } else {
    ctx.give(out, result.refusal());
  }
  close_after_too_many_errors(slash, out, session, now);
  out.add(port::Release{session.connection});
  if (!session.closing) resume_reply(slash, session, now, out);
}

}  // namespace

SlashProtocol::SlashProtocol(Options options, const port::Resources& resources, irc::World& world)
    : slash_(std::make_unique<SlashState>(std::move(options), resources, world)) {}

SlashProtocol::~SlashProtocol() = default;

std::vector<port::Endpoint> SlashProtocol::paths() {
  return {{Name, "/", "signaller", true, true, false,
           "limits.frame_undescribed before /descp, then limits.frame"}};
}

std::size_t SlashProtocol::first_frame_limit() const {
  return slash_->options.limits.frame_undescribed;
}

Effects SlashProtocol::on_open(const port::Opened& opened, Instant now) {
  if (slash_->leaving) return {};
  const irc::Ban* ban = slash_->world.server_bans().find_address(opened.address, now.unix_ms);
  if (ban != nullptr && !opened.proxy) {
    return port::Effect(port::Close{opened.connection, close_code::Banned, ban_text(*ban)});
  }
  const std::int64_t allowed_ms = slash_->registration_deadlines.allowed_ms(slash_->options);
  Session session;
  session.connection = opened.connection;
  session.address = opened.address;
  session.origin = &slash_->costs.enter(opened.address, now.steady_ms);
  session.registration_deadline =
      slash_->registration_deadlines.add(opened.connection, now.steady_ms + allowed_ms);
  if (!slash_->sessions.emplace(opened.connection, std::move(session)).second) {
    assert(false && "a connection opens once");
  }
  Effects out;
  const std::string text = fmt::format(
      "Welcome. Send /descp {{}} within {} s to describe yourself; /help lists the commands",
      allowed_ms / 1000);
  out.add(port::Send{opened.connection, notice(*slash_, text, now).render(irc::PlainForm)});
  return finish(*slash_, std::move(out), now);
}

Effects SlashProtocol::on_text(port::ConnectionId from, std::string_view text, Instant now) {
  if (slash_->leaving) return {};
  Session* session = slash_->find_session(from);
  if (session == nullptr) return {};  // the connection has gone, or is closing
  Effects out;
  run_lines(*slash_, *session, text, now, out);
  return finish(*slash_, std::move(out), now);
}

Effects SlashProtocol::on_gone(port::ConnectionId who, Instant now) {
  if (slash_->leaving) return {};
  Session* session = slash_->find_session(who);
  if (session == nullptr) return {};
  Effects out;
  session->unread = true;
  drop_held_lines(*slash_, *session);
  session->reply.reset();  // mail that was not sent waits for the next connection
  resume_reply(*slash_, *session, now, out);
  return finish(*slash_, std::move(out), now);
}

Effects SlashProtocol::on_close(const port::Closed& closed, Instant now) {
  if (slash_->leaving) return {};
  const auto found = slash_->sessions.find(closed.connection);
  // The session has ended already, or the connection never opened.
  if (found == slash_->sessions.end()) return {};
  Effects out;
  Session& session = found->second;
  const bool waited = session.peer == nullptr && !session.closing;
  if (session.peer != nullptr) {
    const bool asked = !closed.by_server &&
                       (closed.code == close_code::Normal || closed.code == close_code::NoStatus);
    if (asked) {
      end_peer(*slash_, out, *session.peer, "connection closed", now);
    } else {
      suspend_or_end(*slash_, out, *session.peer, now);
    }
  }
  if (waited) slash_->registration_deadlines.remove(session.registration_deadline);
  port::AddressCosts::leave(*session.origin);
  slash_->sessions.erase(found);
  return finish(*slash_, std::move(out), now);
}

Effects SlashProtocol::on_http(const port::HttpRequest& request, Instant now) {
  constexpr double Cost = 1;  // a request costs as much as the cheapest command
  const std::int64_t wait_ms = slash_->costs.charge(request.address, Cost, now.steady_ms);
  return wait_ms == 0 ? respond_with_page(slash_->options, request) : refuse_page(request, wait_ms);
}

port::Metrics SlashProtocol::metrics(Instant now) const {
  return metrics_of(*slash_, now);
}

Effects SlashProtocol::on_tick(Instant now) {
  slash_->wake_ms.reset();
  Effects out;
  close_overdue(*slash_, out, now);
  end_overdue(*slash_, out, now);
  slash_->world.mailboxes().expire(now);
  tell_not_stored(*slash_, out, now);
  return finish(*slash_, std::move(out), now);
}

Effects SlashProtocol::on_drain(port::ConnectionId who, Instant now) {
  if (slash_->leaving) return {};
  Session* session = slash_->find_session(who);
  if (session == nullptr) return {};
  Effects out;
  resume_reply(*slash_, *session, now, out);
  return finish(*slash_, std::move(out), now);
}

Effects SlashProtocol::on_stored(const port::Stored& stored, Instant now) {
  Effects out;
  if (slash_->write_behind.stored(slash_->world, stored)) {
    note_stored(*slash_, out, now);
    tell_stored(*slash_, out, now);
  }
  return finish(*slash_, std::move(out), now);
}

Effects SlashProtocol::on_restored(port::Snapshot& snapshot, std::vector<std::string>& problems,
                                   Instant now) {
  take_restored(*slash_, snapshot, problems, now);
  return finish(*slash_, {}, now);
}

Effects SlashProtocol::on_store(const port::StoreEvent& event, Instant now) {
  Effects out;
  on_store_event(*slash_, out, event, now);
  return finish(*slash_, std::move(out), now);
}

std::string SlashProtocol::restored_text() const {
  const irc::World& world = slash_->world;
  return fmt::format(
      "loaded from the store: {} peers with a session, {} channels, {} owned ids without a session",
      world.peers().size(), world.channels().size(), world.identities().size());
}

bool SlashProtocol::has_begun() const {
  return !slash_->options.durable || slash_->write_behind.last_stored() != 0;
}

bool SlashProtocol::is_saved() const {
  return slash_->write_behind.idle(slash_->world) || slash_->fenced;
}

Effects SlashProtocol::on_verified(port::Verified verified, Instant now) {
  if (slash_->leaving) return {};
  PendingRequest pending_request;
  Session* session = take_pending_request(*slash_, verified.token, pending_request);
  if (session == nullptr) return {};  // the caller has gone
  Effects out;
  go_on(*slash_, *session, pending_request, now, out,
        [&](Context& ctx) { return pending_request.on_verified(ctx, pending_request, verified); });
  return finish(*slash_, std::move(out), now);
}

Effects SlashProtocol::on_query_result(const port::QueryResult& answer, Instant now) {
  if (slash_->leaving) return {};
  PendingRequest pending_request;
  Session* session = take_pending_request(*slash_, answer.token, pending_request);
  if (session == nullptr) return {};
  Effects out;
  go_on(*slash_, *session, pending_request, now, out, [&](Context& ctx) {
    return pending_request.on_query_result(ctx, pending_request, answer);
  });
  return finish(*slash_, std::move(out), now);
}

void SlashProtocol::reload(Options options) {
  options.server_name = slash_->options.server_name;
  options.version = slash_->options.version;
  options.boot = slash_->options.boot;
  options.node = slash_->options.node;
  options.started_ms = slash_->options.started_ms;
  options.durable = slash_->options.durable;
  slash_->options = std::move(options);
  slash_->apply_limits();
}

Effects SlashProtocol::on_turn_end(Instant now) {
  Effects out;
  slash_->write_behind.turn_end(slash_->world, out, now);
  send_ban_list(*slash_, out);
  return out;
}

Effects SlashProtocol::on_shutdown(Instant now) {
  Effects out;
  const bool back_soon = slash_->options.durable;
  const auto* const text = back_soon ? "The server is restarting" : "The server is shutting down";
  publish_everybody(*slash_, out, notice(*slash_, text, now), nullptr);
  if (back_soon) {
    slash_->leaving = true;  // from now on, a lost connection ends no session
    if (slash_->restored) slash_->world.changes().seal();
  }
  return out;
}

}  // namespace signaller::commands
