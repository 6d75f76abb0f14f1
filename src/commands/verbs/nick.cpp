#include "commands/context/context.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

Result<Effects> run_nick(Context& ctx, const Args& args) {
  const auto nick = irc::Nick::parse(args[0], ctx.limits().nick);
  if (!nick) return ctx.refuse(Reply::BadNick, {args[0]}, ctx.limits().nick);
  irc::Peer& me = ctx.me();
  const irc::Peer* holder = ctx.world().find(*nick);
  if (holder != nullptr && holder != &me) return ctx.refuse(Reply::NickInUse, {args[0]});

  Effects out;
  const irc::Renamed event{me, nick->text()};
  ctx.reply(out, line_of(event));
  if (nick->text() == me.nick()) return out;  // the nick stays the same, so other peers get no line
  ctx.tell_shared(out, event);
  irc::Profile profile = me.profile();
  profile.nick = nick->text();
  ctx.world().describe(me, std::move(profile), ctx.now());
  return out;
}

}  // namespace

constexpr Command verbs::nick{"nick",
                              "<nick>",
                              "set or change your nick: others can name you by it",
                              "/nick ann",
                              Access::Described,
                              Cost{2},
                              Replies{Reply::BadNick, Reply::NickInUse},
                              run_nick};

}  // namespace signaller::commands
