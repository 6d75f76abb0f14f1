#include <utility>

#include "commands/context/context.hpp"
#include "irc/text/text.hpp"

namespace signaller::commands {
namespace {

/// The errors of the configuration, in one line.
std::string reasons(const port::QueryResult& answer) {
  constexpr std::size_t Enough = 1'000;
  std::string text;
  for (const port::Stat& stat : answer.stats) {
    if (!text.empty()) text += "; ";
    for (const char c : stat.value) text += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
  }
  const bool fit = !irc::find_forbidden(text) && irc::is_utf8(text);
  return fit ? std::string(irc::cut_utf8(text, Enough)) : "see the log";
}

Result<Effects> on_reloaded(Context& ctx, const PendingRequest& /*pending_request*/,
                            const port::QueryResult& answer) {
  Effects out;
  if (!answer.ok) {
    ctx.audit(out, "*", "failed");
    return ctx.fail(irc::Failure::ReloadFailed, {}, reasons(answer)).after(std::move(out));
  }
  std::string need_restart;
  for (const port::Stat& stat : answer.stats) {
    ctx.note(out, irc::Note::NeedsRestart, stat.what);
    need_restart += need_restart.empty() ? stat.what : ' ' + stat.what;
  }
  const std::string& server = ctx.options().server_name;
  ctx.reply(out, ctx.numeric(irc::Reply::Reloaded, {server}));
  ctx.audit(out, "*", need_restart.empty() ? "" : "needs a restart: " + need_restart);
  return out;
}

Result<Effects> run_rehash(Context& ctx, const Args& /*args*/) {
  PendingRequest pending_request;
  pending_request.on_query_result = on_reloaded;
  Effects out;
  const std::uint64_t token = ctx.deferred().await(out, std::move(pending_request));
  out.add(port::Query{token, port::QueryKind::Reload});
  return out;
}

}  // namespace

constexpr Command verbs::rehash{
    "rehash",
    "",
    "reload the configuration",
    "/rehash",
    Access::ServerOperator,
    Cost{5},
    Replies{irc::Reply::Reloaded, irc::Failure::ReloadFailed, irc::Note::NeedsRestart},
    run_rehash};

}  // namespace signaller::commands
