#include "commands/context/context.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_away(Context& ctx, const Args& args) {
  const std::string_view text = args.has(0) ? args[0] : "away";
  if (text.size() > ctx.limits().away) {
    return ctx.too_long("AWAYLEN", ctx.limits().away, text.size());
  }
  ctx.world().edit(ctx.me(), ctx.now()).away = text;
  Effects out;
  ctx.reply(out, ctx.numeric(irc::Reply::NowAway, {}));
  ctx.tell_shared(out, irc::AwayChanged{ctx.me()});
  return out;
}

}  // namespace

constexpr Command verbs::away{"away",
                              "[text...]",
                              "mark yourself as away: peers that write to you receive the text",
                              "/away back at noon",
                              Access::Described,
                              Cost{1},
                              Replies{irc::Reply::TooLong, irc::Reply::NowAway},
                              run_away};

}  // namespace signaller::commands
