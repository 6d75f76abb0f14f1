#include "commands/common/lookup.hpp"
#include "commands/common/moderation.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

/// Sends `367 <me> <where> <whom> <setter> <time> <until or *> [:reason]`. Returns the size of the
/// line in bytes.
std::size_t show(Context& ctx, Effects& out, std::string_view where, std::string_view banned,
                 const irc::Ban& ban, port::Lane lane) {
  irc::Line line = ctx.numeric(
      Reply::BanItem,
      {where, banned, ban.by.text(), std::to_string(ban.set_ms), irc::until_text(ban.until_ms)});
  if (!ban.reason.empty()) line.trailing(ban.reason);
  const std::size_t bytes = line.plain().size();
  ctx.reply(out, std::move(line), lane);
  return bytes;
}

/// Shows the bans after the id `part.after`, in the order of ids. Returns false if the piece is
/// full.
template <class ById>
bool show_ids(Context& ctx, ReplyPart& part, Effects& out, const ById& bans, port::Lane lane) {
  std::size_t bytes = 0;
  for (auto at = part.after ? bans.upper_bound(*part.after) : bans.begin(); at != bans.end();
       ++at) {
    if (bytes >= ReplyPieceBytes) return false;
    part.after = at->first;
    if (irc::is_over(at->second.until_ms, ctx.now().unix_ms)) continue;
    bytes += show(ctx, out, part.name, at->first.text(), at->second, lane);
  }
  return true;
}

bool channel_step(Context& ctx, ReplyPart& part, Effects& out) {
  const auto name = irc::ChannelName::parse(part.name, irc::ChannelName::MostBytes);
  const irc::Channel* channel = name ? ctx.world().find(*name) : nullptr;
  const port::Lane lane = channel == nullptr ? 0 : lane_of(*channel);
  if (channel != nullptr && !show_ids(ctx, part, out, channel->state().bans, lane)) return false;
  ctx.reply(out, ctx.numeric(Reply::EndOfBans, {part.name}), lane);
  return true;
}

/// Shows the banned ids, then the banned addresses after `part.prefix`, the last one shown.
bool server_step(Context& ctx, ReplyPart& part, Effects& out) {
  const irc::ServerBans& bans = ctx.world().server_bans();
  if (!show_ids(ctx, part, out, bans.ids(), 0)) return false;
  std::size_t bytes = 0;
  const auto& ranges = bans.ranges();
  for (auto at = ranges.upper_bound(part.prefix); at != ranges.end(); ++at) {
    if (bytes >= ReplyPieceBytes) return false;
    part.prefix = at->first;
    if (irc::is_over(at->second.ban.until_ms, ctx.now().unix_ms)) continue;
    bytes += show(ctx, out, part.name, at->first, at->second.ban, 0);
  }
  ctx.reply(out, ctx.numeric(Reply::EndOfBans, {part.name}));
  return true;
}

Result<Effects> list_channel(Context& ctx, std::string_view name) {
  auto channel = find_channel(ctx, name);
  if (!channel) return channel.refusal();
  if (!ctx.me().is_in(*channel) && !ctx.use_power(channel->name())) {
    return ctx.refuse(Reply::NotAMember, {channel->name()});
  }
  ReplyPart part;
  part.step = channel_step;
  part.name = channel->name();
  ctx.ack(channel->name());
  ctx.deferred().start(std::move(part));
  return Effects{};
}

Result<Effects> run_bans(Context& ctx, const Args& args) {
  if (args.has(0) && args[0] != "*") return list_channel(ctx, args[0]);
  if (!ctx.use_power("*")) return ctx.refuse(Reply::NotServerOperator, {});
  ReplyPart part;
  part.step = server_step;
  part.name = "*";
  ctx.deferred().start(std::move(part));
  return Effects{};
}

}  // namespace

constexpr Command verbs::bans{
    "bans",
    "[#channel]",
    "list the bans of a channel; server operators: give * to list the bans of the server",
    "/bans #lobby",
    Access::Described,
    Cost{2},
    Replies{FindJoinedReplies, Reply::NotServerOperator, Reply::BanItem, Reply::EndOfBans},
    run_bans};

}  // namespace signaller::commands
