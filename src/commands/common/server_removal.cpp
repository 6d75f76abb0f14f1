#include "commands/common/server_removal.hpp"

#include <utility>
#include <vector>

#include "commands/common/lookup.hpp"
#include "commands/common/moderation.hpp"
#include "commands/session/close_codes.hpp"
#include "commands/session/membership.hpp"

namespace signaller::commands {
namespace {

using irc::Failure;
using irc::Reply;

constexpr std::string_view AddressPrefix = "ip:";

/// The target of a ban: an address, or an id.
struct BanTarget {
  std::optional<port::AddressRange> range;
  std::optional<irc::PeerId> id;

  [[nodiscard]] std::string text() const { return range ? range->text() : id->text(); }
};

Result<BanTarget> read_target(Context& ctx, std::string_view ref) {
  if (!is_address_ref(ref)) {
    auto id = find_id(ctx, ref);
    if (!id) return id.refusal();
    return BanTarget{std::nullopt, *id};
  }
  const auto range = port::AddressRange::parse(ref.substr(AddressPrefix.size()));
  if (range) return BanTarget{range, std::nullopt};
  return ctx.fail(Failure::InvalidValue, {"ip"},
                  "An address or a CIDR must follow ip:, as in ip:192.0.2.7, ip:192.0.2.0/24 or "
                  "ip:2001:db8::/32");
}

bool is_from(const Session& session, const port::AddressRange& range) {
  const auto address = port::AddressRange::parse(session.address);
  return address && range.contains(*address);
}

/// The trusted proxy whose range overlaps this range; null: none.
const port::AddressRange* proxy_within(Context& ctx, const port::AddressRange& range) {
  for (const port::AddressRange& proxy : ctx.slash().options.trusted_proxies) {
    if (range.contains(proxy) || proxy.contains(range)) return &proxy;
  }
  return nullptr;
}

/// Sends a line to the caller, with the reason, if there is one, as last parameter.
void tell_caller(Context& ctx, Effects& out, irc::Line line, std::string_view reason) {
  if (!reason.empty()) line.trailing(reason);
  ctx.reply(out, std::move(line));
}

/// Closes every connection from these addresses.
void close_all_from(Context& ctx, Effects& out, const port::AddressRange& range,
                    std::string_view reason) {
  std::vector<Session*> concerned;
  for (auto& [connection, session] : ctx.slash().sessions) {
    if (!session.closing && is_from(session, range)) concerned.push_back(&session);
  }
  for (Session* session : concerned) {
    const std::string text = with_reason("banned", reason);
    end_session(ctx.slash(), out, *session, close_code::Banned, text, text, ctx.now());
  }
}

/// Whether the list has room for this target, or contains it already.
bool has_room(Context& ctx, const BanTarget& target) {
  const irc::ServerBans& bans = ctx.world().server_bans();
  const bool known = target.range ? bans.ranges().count(target.range->text()) != 0
                                  : bans.ids().count(*target.id) != 0;
  if (known || bans.size() < ctx.limits().server_bans) return true;
  ctx.world().expire_server_bans(ctx.now());
  return bans.size() < ctx.limits().server_bans;
}

}  // namespace

bool is_address_ref(std::string_view ref) {
  return ref.substr(0, AddressPrefix.size()) == AddressPrefix;
}

Refusal refuse_address(Context& ctx) {
  return ctx.fail(Failure::InvalidValue, {"ip"},
                  "An address can be banned only from the server: give * instead of a channel");
}

Result<Effects> kill_peer(Context& ctx, std::string_view ref, std::string_view reason) {
  auto victim = find_peer(ctx, ref);
  if (!victim) return victim.refusal();
  const std::string id = victim->id().text();
  ctx.ack(id);
  Effects out;
  irc::Line line(ctx.me(), irc::upper(ctx.command().name));
  if (ctx.command().name == verbs::kick.name) line.param("*");
  line.param(id);
  tell_caller(ctx, out, std::move(line), reason);
  ctx.audit(out, id, reason);
  remove_peer(ctx.slash(), out, *victim, close_code::RemovedByOperator,
              with_reason("removed by an operator", reason), with_reason("killed", reason),
              ctx.now());
  return out;
}

Result<Effects> ban_from_server(Context& ctx, std::string_view ref, std::int64_t until_ms,
                                std::string_view reason) {
  if (!ctx.is_server_operator()) return ctx.refuse(Reply::NotServerOperator, {});
  auto target = read_target(ctx, ref);
  if (!target) return target.refusal();
  if (target->range && is_from(ctx.session(), *target->range)) {
    return ctx.fail(Failure::InvalidValue, {"ip"}, "You are connected from this address yourself");
  }
  const port::AddressRange* proxy = target->range ? proxy_within(ctx, *target->range) : nullptr;
  if (proxy != nullptr) {
    return ctx.fail(Failure::InvalidValue, {"ip"},
                    "net.trusted_proxies contains " + proxy->text() +
                        ": ban the addresses of its clients instead");
  }
  if (!has_room(ctx, *target)) return ctx.refuse(Reply::ListFull, {"*"}, ctx.limits().server_bans);
  const std::string name = target->text();
  const std::string until = irc::until_text(until_ms);
  ctx.ack(name);
  Effects out;
  tell_caller(ctx, out, irc::Line(ctx.me(), "BAN").param("*").param(name).param(until), reason);
  ctx.audit(out, name, reason, "", until);
  irc::Ban ban{ctx.me().id(), std::string(reason), ctx.now().unix_ms, until_ms};
  if (target->range) {
    ctx.world().ban(*target->range, std::move(ban));
    close_all_from(ctx, out, *target->range, reason);
  } else {
    ctx.world().ban(*target->id, std::move(ban));
    irc::Peer* peer = ctx.world().find(*target->id);
    const std::string text = with_reason("banned", reason);
    if (peer != nullptr) {
      remove_peer(ctx.slash(), out, *peer, close_code::Banned, text, text, ctx.now());
    }
  }
  return out;
}

Result<Effects> unban_from_server(Context& ctx, std::string_view ref) {
  if (!ctx.is_server_operator()) return ctx.refuse(Reply::NotServerOperator, {});
  auto target = read_target(ctx, ref);
  if (!target) return target.refusal();
  ctx.world().expire_server_bans(ctx.now());
  const bool lifted =
      target->range ? ctx.world().unban(*target->range) : ctx.world().unban(*target->id);
  const std::string name = target->text();
  if (!lifted) return ctx.fail(Failure::NotBanned, {"*", name});
  ctx.ack(name);
  Effects out;
  tell_caller(ctx, out, irc::Line(ctx.me(), "UNBAN").param("*").param(name), {});
  ctx.audit(out, name, "");
  return out;
}

}  // namespace signaller::commands
