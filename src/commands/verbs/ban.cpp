#include "commands/common/lookup.hpp"
#include "commands/common/moderation.hpp"
#include "commands/common/server_removal.hpp"
#include "commands/grammar/duration.hpp"
#include "commands/session/membership.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

/// The terms of a ban of a channel or of the server. `until_ms`: Unix; 0: no end.
struct BanTerms {
  std::int64_t until_ms = 0;
  std::string_view reason;
};

/// Refuses with 478 if the channel's list is full.
Result<void> check_place(Context& ctx, const irc::Channel& channel, const irc::PeerId& id) {
  if (has_place(channel.state().bans, id, ctx.limits().bans, ctx.now().unix_ms)) return {};
  return ctx.refuse(Reply::ListFull, {channel.name()}, ctx.limits().bans);
}

/// Bans the id and removes its peer from the channel. Changes the ban list first: the channel may
/// be deleted when its last member leaves.
void ban_out(Context& ctx, Effects& out, irc::Channel& channel, const irc::PeerId& id,
             const BanTerms& terms) {
  irc::ChannelState& state = ctx.world().edit(channel, ctx.now());
  irc::Ban ban{ctx.me().id(), std::string(terms.reason), ctx.now().unix_ms, terms.until_ms};
  put(state.bans, id, std::move(ban), ctx.limits().bans, ctx.now().unix_ms);
  state.kept.erase(id);
  state.invites.erase(id);
  ctx.tell(out, channel, irc::BannedFrom{ctx.me(), channel, id, terms.until_ms, terms.reason});
  ctx.audit(out, audited_name(channel, id), terms.reason, "", irc::until_text(terms.until_ms));
  irc::Peer* peer = ctx.world().find(id);
  if (peer != nullptr && peer->is_in(channel)) leave(ctx.slash(), out, *peer, channel, true);
}

Result<Effects> ban_from(Context& ctx, std::string_view ref, std::string_view name,
                         const BanTerms& terms) {
  auto id = find_id(ctx, ref);
  if (!id) return id.refusal();
  auto channel = find_operated(ctx, name);
  if (!channel) return channel.refusal();
  if (auto checked = check_place(ctx, *channel, *id); !checked) return checked.refusal();
  ctx.ack(channel->name());
  Effects out;
  ban_out(ctx, out, *channel, *id, terms);
  return out;
}

/// Bans from every channel in which the victim is a member and the caller is an operator.
Result<Effects> ban_everywhere(Context& ctx, std::string_view ref, const BanTerms& terms) {
  auto victim = find_peer(ctx, ref);
  if (!victim) return victim.refusal();
  const irc::PeerId id = victim->id();
  const auto channels = run_channels_of(ctx, *victim);
  if (channels.empty()) return ctx.refuse(Reply::NoOperatedChannel, {"*"});
  Effects out;
  for (irc::Channel* channel : channels) {
    if (auto checked = check_place(ctx, *channel, id); !checked) return checked.refusal();
  }
  ctx.ack(id.text());
  for (irc::Channel* channel : channels) ban_out(ctx, out, *channel, id, terms);
  return out;
}

/// Whether a duration is the last word of a reason. A reason after a colon is taken as it is.
bool ends_with_duration(std::string_view reason) {
  if (!reason.empty() && reason.front() == ':') return false;
  const std::string_view text = reason.substr(0, reason.find_last_not_of(' ') + 1);
  return parse_duration(text.substr(text.rfind(' ') + 1)).has_value();
}

Result<Effects> run_ban(Context& ctx, const Args& args) {
  const bool server = args[1] == "*";
  if (server && !ctx.is_server_operator()) return ctx.refuse(Reply::NotServerOperator, {});
  if (is_address_ref(args[0]) && !server) return refuse_address(ctx);
  auto reason = read_reason(ctx, args[3]);
  if (!reason) return reason.refusal();
  auto until_ms = read_until(ctx, args[2]);
  if (!until_ms) return until_ms.refusal();
  if (!args.has(2) && ends_with_duration(args[3])) {
    return ctx.fail(irc::Failure::InvalidValue, {"duration"},
                    "The duration stands before the reason");
  }
  const BanTerms terms{*until_ms, *reason};
  if (server) return ban_from_server(ctx, args[0], terms.until_ms, terms.reason);
  if (args.has(1)) return ban_from(ctx, args[0], args[1], terms);
  return ban_everywhere(ctx, args[0], terms);
}

}  // namespace

constexpr Command verbs::ban{
    "ban",
    "<peer> [#channel] [duration] [reason...]",
    "kick a peer and keep it out; server operators: give * to ban it from "
    "the server, and ip:<address or CIDR> * to ban addresses",
    "/ban bob #lobby 24h too loud",
    Access::Described,
    Cost{2},
    Replies{FindPeerReplies, FindOperatedReplies, Reply::NotServerOperator,
            Reply::NoOperatedChannel, Reply::TooLong, Reply::ListFull, irc::Failure::InvalidValue},
    run_ban};

}  // namespace signaller::commands
