#include "commands/common/lookup.hpp"
#include "commands/common/moderation.hpp"

namespace signaller::commands {
namespace {

Effects run_mute(Context& ctx, const Args& args) {
  Effects out;
  const auto subject = find_subject(ctx, args, out);
  if (!subject) return out;
  const auto& [id, channel] = *subject;
  std::int64_t until_ms = 0;
  if (!read_until(ctx, args[2], until_ms, out)) return out;
  const std::int64_t now_ms = ctx.now().unix_ms;
  if (!has_place(channel.state().mutes, id, ctx.limits().bans, now_ms)) {
    return ctx.refuse(irc::Reply::ListFull, {channel.name()}, ctx.limits().bans);
  }
  put(ctx.world().edit(channel, ctx.now()).mutes, id, until_ms, ctx.limits().bans, now_ms);
  ctx.ack(channel.name());
  std::string changes = "+q " + id.text();
  if (until_ms != 0) changes += fmt::format(" {}", until_ms);
  ctx.tell(out, channel, irc::ModeChanged{&ctx.me(), {}, channel, changes});
  ctx.audit(out, audited_name(channel, id), "", "", irc::until_text(until_ms));
  return out;
}

}  // namespace

constexpr Command verbs::mute{"mute",
                              "<peer> #channel [duration]",
                              "keep a peer from speaking in a channel you run",
                              "/mute bob #lobby 10m",
                              Access::Described,
                              Cost{2},
                              run_mute};

}  // namespace signaller::commands
