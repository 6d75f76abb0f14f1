#include <algorithm>

#include "commands/common/leave_channel.hpp"
#include "commands/common/moderation.hpp"
#include "commands/session/close_codes.hpp"
#include "commands/session/membership.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

Result<Effects> leave_server(Context& ctx, std::string_view reason) {
  Effects out;
  Session& session = ctx.session();
  ctx.acknowledgement().add(out);
  if (ctx.described()) {
    end_peer(ctx.slash(), out, ctx.me(), reason, ctx.now());
  } else {
    ctx.slash().registration_deadlines.remove(session.registration_deadline);
  }
  session.closing = true;
  const std::string_view close_reason = reason.empty() ? "you have quit" : reason;
  out.add(port::Close{session.connection, close_code::Normal, std::string(close_reason)});
  return out;
}

Result<Effects> run_quit(Context& ctx, const Args& args) {
  if (args.has(0)) {
    if (!ctx.described()) return ctx.refuse(Reply::NotDescribed, {});
    return leave_channel(ctx, args[0], args[1]);
  }
  std::string_view reason = args[1];
  if (!reason.empty()) {
    reason.remove_prefix(std::min(reason.find_first_not_of(' '), reason.size()));
    if (reason.empty() || reason.front() != ':') return ctx.refuse(Reply::QuitWhat, {"QUIT"});
  }
  auto checked = read_reason(ctx, reason);
  if (!checked) return checked.refusal();
  return leave_server(ctx, *checked);
}

}  // namespace

constexpr Command verbs::quit{
    "quit",
    "[#channel] [reason...]",
    "leave a channel; with :reason and no channel: leave the server",
    "/quit :good night",
    Access::Anybody,
    Cost{1},
    Replies{Reply::NotDescribed, Reply::QuitWhat, Reply::TooLong, Reply::NotAMember},
    run_quit};

}  // namespace signaller::commands
