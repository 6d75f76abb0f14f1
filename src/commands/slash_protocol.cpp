#include "commands/slash_protocol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "commands/barring.hpp"
#include "commands/close_codes.hpp"
#include "commands/context.hpp"
#include "commands/core.hpp"
#include "commands/gate.hpp"
#include "commands/membership.hpp"
#include "commands/page.hpp"
#include "commands/publish.hpp"
#include "commands/recovery.hpp"
#include "irc/line.hpp"

namespace signaller::commands {
namespace {

using port::Effects;
using port::Instant;

irc::Line notice(const Core& core, std::string_view text, Instant now) {
  irc::Line line(core.options.server_name, "NOTICE");
  line.param("*").trailing(text);
  line.at(now.unix_ms);
  return line;
}

/// One Wake is out at a time, for the earliest of what has a deadline.
void arm(Core& core, Effects& out, Instant now) {
  std::optional<std::int64_t> next;
  const auto or_none = [](std::int64_t due) {
    return due == 0 ? std::nullopt : std::optional<std::int64_t>(due);
  };
  for (const auto due :
       {core.waiting.deadline_ms(), core.big_channels.next_ms(), acks_due_ms(core),
        core.suspended.deadline_ms(), or_none(core.world.mail_due_ms()),
        or_none(core.identities_due_ms), core.saving.put_off_ms(core.world, now)}) {
    if (due) next = std::min(next.value_or(*due), *due);
  }
  if (!next || (core.wake_ms && *core.wake_ms <= *next)) return;
  core.wake_ms = next;
  out.add(port::Wake{*next});
}

/// Owned ids are looked through now and then, while there are any.
void look_through_identities(Core& core, Instant now) {
  constexpr std::int64_t BetweenMs = 600'000;
  if (core.world.identities().size() == 0) {
    core.identities_due_ms = 0;
    return;
  }
  const bool too_many = core.world.identities().size() > core.options.limits.identities;
  if (too_many || (core.identities_due_ms != 0 && core.identities_due_ms <= now.steady_ms)) {
    core.world.expire_identities(core.options.id_retention_ms, now);
    core.identities_due_ms = 0;
  }
  if (core.identities_due_ms == 0) core.identities_due_ms = now.steady_ms + BetweenMs;
}

/// What every input ends with.
Effects finish(Core& core, Effects out, Instant now) {
  look_through_identities(core, now);
  publish_counts(core, out, now);
  arm(core, out, now);
#ifndef NDEBUG
  constexpr std::size_t QuickToCheck = 64;
  if (core.world.peers().size() <= QuickToCheck) assert(core.world.check().empty());
#endif
  return out;
}

void close_overdue(Core& core, Effects& out, Instant now) {
  while (const auto id = core.waiting.overdue(now.steady_ms)) {
    Session& session = core.sessions.at(*id);
    core.waiting.remove(session.waiting);
    session.closing = true;
    out.add(port::Close{*id, close_code::NotDescribedInTime,
                        "no valid /descp in time: describe_timeout"});
  }
}

void end_overdue(Core& core, Effects& out, Instant now) {
  constexpr int Most = 64;  // the others in the next tick
  for (int i = 0; i < Most; ++i) {
    const auto id = core.suspended.overdue(now.steady_ms);
    if (!id) return;
    irc::Peer* peer = core.world.find(*id);
    assert(peer != nullptr);
    end_peer(core, out, *peer, "connection lost", now);
  }
}

/// The session that waits for this answer, if it is still there; no longer waiting then.
Session* take_awaited(Core& core, std::uint64_t token, Awaited& awaited) {
  const auto found = core.awaited.find(token);
  if (found == core.awaited.end()) return nullptr;
  awaited = std::move(found->second);
  core.awaited.erase(found);
  Session* session = core.find_session(awaited.who);
  if (session == nullptr || session->awaited != token) return nullptr;
  session->awaited = 0;
  return session;
}

/// Ends the reply, and goes on with the lines that came meanwhile.
template <class Act>
void go_on(Core& core, Session& session, const Awaited& awaited, Instant now, Effects& out,
           Act act) {
  Context ctx(core, session, now, awaited.label, awaited.command);
  ctx.answered(out, [&] { return act(ctx); });
  close_if_too_faulty(core, out, session, now);
  out.add(port::Release{session.connection});
  if (!session.closing) resume_reply(core, session, now, out);
}

}  // namespace

SlashProtocol::SlashProtocol(Options options, port::Random& random, const port::KeyedHash& hash)
    : core_(std::make_unique<Core>(std::move(options), random, hash)) {}

SlashProtocol::~SlashProtocol() = default;

std::vector<port::Endpoint> SlashProtocol::endpoints() const {
  return {{Name, "/", "signaller", true, true, false,
           "limits.frame_undescribed before /descp, then limits.frame"}};
}

std::size_t SlashProtocol::first_frame_limit() const {
  return core_->options.limits.frame_undescribed;
}

Effects SlashProtocol::on_open(const port::Opened& opened, Instant now) {
  if (core_->leaving) return {};
  const irc::Ban* ban = core_->world.server_bans().find_address(opened.address, now.unix_ms);
  if (ban != nullptr && !opened.proxy) {
    return port::Effect(port::Close{opened.connection, close_code::Banned, ban_text(*ban)});
  }
  const std::int64_t allowed_ms = core_->waiting.allowed_ms(core_->options);
  Session session;
  session.connection = opened.connection;
  session.address = opened.address;
  session.origin =
      &core_->addresses.enter(opened.address, core_->options.limits.address_rate, now.steady_ms);
  session.waiting = core_->waiting.add(opened.connection, now.steady_ms + allowed_ms);
  if (!core_->sessions.emplace(opened.connection, std::move(session)).second) {
    assert(false && "a connection opens once");
  }
  Effects out;
  const std::string text =
      fmt::format("Welcome. Send /descp {{}} within {} s to describe yourself; /help tells more",
                  allowed_ms / 1000);
  out.add(port::Send{opened.connection, notice(*core_, text, now).render(irc::PlainForm)});
  return finish(*core_, std::move(out), now);
}

Effects SlashProtocol::on_text(port::ConnectionId from, std::string_view text, Instant now) {
  if (core_->leaving) return {};
  Session* session = core_->find_session(from);
  if (session == nullptr) return {};  // it is gone, or about to go: nobody is left to answer
  Effects out;
  run_lines(*core_, *session, text, now, out);
  return finish(*core_, std::move(out), now);
}

Effects SlashProtocol::on_gone(port::ConnectionId who, Instant now) {
  if (core_->leaving) return {};
  Session* session = core_->find_session(who);
  if (session == nullptr) return {};
  Effects out;
  session->unread = true;
  drop_gap(*core_, *session);
  session->reply.reset();  // mail that was still to come waits for the next connection
  resume_reply(*core_, *session, now, out);
  return finish(*core_, std::move(out), now);
}

Effects SlashProtocol::on_close(const port::Closed& closed, Instant now) {
  if (core_->leaving) return {};
  const auto found = core_->sessions.find(closed.connection);
  if (found == core_->sessions.end()) return {};  // ended before, or never opened
  Effects out;
  Session& session = found->second;
  const bool waited = session.peer == nullptr && !session.closing;
  if (session.peer != nullptr) {
    const bool asked = !closed.by_server &&
                       (closed.code == close_code::Normal || closed.code == close_code::NoStatus);
    if (asked) {
      end_peer(*core_, out, *session.peer, "connection closed", now);
    } else {
      suspend_or_end(*core_, out, *session.peer, now);
    }
  }
  if (waited) core_->waiting.remove(session.waiting);
  Addresses::leave(*session.origin);
  core_->sessions.erase(found);
  return finish(*core_, std::move(out), now);
}

Effects SlashProtocol::on_http(const port::HttpRequest& request, Instant /*now*/) {
  return respond_with_page(core_->options, request);
}

port::Metrics SlashProtocol::metrics(Instant now) const {
  return metrics_of(*core_, now);
}

Effects SlashProtocol::on_tick(Instant now) {
  core_->wake_ms.reset();
  Effects out;
  close_overdue(*core_, out, now);
  end_overdue(*core_, out, now);
  core_->world.expire_mail(now);
  tell_not_stored(*core_, out, now);
  return finish(*core_, std::move(out), now);
}

Effects SlashProtocol::on_drain(port::ConnectionId who, Instant now) {
  if (core_->leaving) return {};
  Session* session = core_->find_session(who);
  if (session == nullptr) return {};
  Effects out;
  resume_reply(*core_, *session, now, out);
  return finish(*core_, std::move(out), now);
}

Effects SlashProtocol::on_stored(port::Stored stored, Instant now) {
  Effects out;
  if (core_->saving.stored(core_->world, stored)) {
    note_stored(*core_, out, now);
    tell_stored(*core_, out, now);
  }
  return finish(*core_, std::move(out), now);
}

Effects SlashProtocol::on_restored(port::Snapshot& snapshot, std::vector<std::string>& problems,
                                   Instant now) {
  take_restored(*core_, snapshot, problems, now);
  return finish(*core_, {}, now);
}

Effects SlashProtocol::on_store(const port::StoreEvent& event, Instant now) {
  Effects out;
  heed_store(*core_, out, event, now);
  return finish(*core_, std::move(out), now);
}

std::string SlashProtocol::restored_text() const {
  const irc::World& world = core_->world;
  return fmt::format("{} peers and {} channels are back, {} owned ids", world.peers().size(),
                     world.channels().size(), world.identities().size());
}

bool SlashProtocol::has_begun() const {
  return !core_->options.durable || core_->saving.last_stored() != 0;
}

bool SlashProtocol::is_saved() const {
  return core_->saving.idle(core_->world) || core_->fenced;
}

Effects SlashProtocol::on_verified(port::Verified verified, Instant now) {
  if (core_->leaving) return {};
  Awaited awaited;
  Session* session = take_awaited(*core_, verified.token, awaited);
  if (session == nullptr) return {};  // who asked has gone
  Effects out;
  go_on(*core_, *session, awaited, now, out,
        [&](Context& ctx) { return awaited.on_verified(ctx, awaited, verified); });
  return finish(*core_, std::move(out), now);
}

Effects SlashProtocol::on_answer(const port::Answer& answer, Instant now) {
  if (core_->leaving) return {};
  Awaited awaited;
  Session* session = take_awaited(*core_, answer.token, awaited);
  if (session == nullptr) return {};
  Effects out;
  go_on(*core_, *session, awaited, now, out,
        [&](Context& ctx) { return awaited.on_answer(ctx, awaited, answer); });
  return finish(*core_, std::move(out), now);
}

void SlashProtocol::reload(Options options) {
  options.server_name = core_->options.server_name;
  options.version = core_->options.version;
  options.boot = core_->options.boot;
  options.node = core_->options.node;
  options.started_ms = core_->options.started_ms;
  options.durable = core_->options.durable;
  core_->options = std::move(options);
  core_->world.set_limits(world_limits(core_->options));
}

Effects SlashProtocol::on_turn_end(Instant now) {
  Effects out;
  core_->saving.turn_end(core_->world, out, now);
  bar_addresses(*core_, out);
  return out;
}

Effects SlashProtocol::on_shutdown(Instant now) {
  Effects out;
  const bool back_soon = core_->options.durable;
  const auto* const text = back_soon ? "The server is restarting" : "The server is shutting down";
  publish_everybody(*core_, out, notice(*core_, text, now), nullptr);
  if (back_soon) {
    core_->leaving = true;  // who is here stays here, in the store
    if (core_->restored) core_->world.seal();
  }
  return out;
}

}  // namespace signaller::commands
