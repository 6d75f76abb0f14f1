#include "commands/common/lookup.hpp"
#include "commands/common/moderation.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_mute(Context& ctx, const Args& args) {
  auto subject = find_subject(ctx, args);
  if (!subject) return subject.refusal();
  const auto& [id, channel] = *subject;
  auto until_ms = read_until(ctx, args[2]);
  if (!until_ms) return until_ms.refusal();
  const std::int64_t now_ms = ctx.now().unix_ms;
  if (!has_place(channel.state().mutes, id, ctx.limits().bans, now_ms)) {
    return ctx.refuse(irc::Reply::ListFull, {channel.name()}, ctx.limits().bans);
  }
  put(ctx.world().edit(channel, ctx.now()).mutes, id, *until_ms, ctx.limits().bans, now_ms);
  ctx.ack(channel.name());
  std::string changes = fmt::format("+{} {}", irc::MuteLetter, id.text());
  if (*until_ms != 0) changes += fmt::format(" {}", *until_ms);
  Effects out;
  ctx.tell(out, channel, irc::ModeChanged{&ctx.me(), {}, channel, changes});
  ctx.audit(out, audited_name(channel, id), "", "", irc::until_text(*until_ms));
  return out;
}

}  // namespace

constexpr Command verbs::mute{
    "mute",
    "<peer> #channel [duration]",
    "keep a peer from speaking in a channel; needs operator rank in it",
    "/mute bob #lobby 10m",
    Access::Described,
    Cost{2},
    Replies{FindSubjectReplies, irc::Reply::ListFull, irc::Failure::InvalidValue},
    run_mute};

}  // namespace signaller::commands
