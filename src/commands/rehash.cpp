#include <utility>

#include "commands/context.hpp"
#include "irc/text.hpp"

namespace signaller::commands {
namespace {

/// What is wrong with the configuration, in one line.
std::string reasons(const port::Answer& answer) {
  constexpr std::size_t Enough = 1'000;
  std::string text;
  for (const port::Fact& fact : answer.facts) {
    if (!text.empty()) text += "; ";
    for (const char c : fact.value) text += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
  }
  const bool fit = !irc::find_forbidden(text) && irc::is_utf8(text);
  return fit ? std::string(irc::cut_utf8(text, Enough)) : "see the log";
}

Effects on_answer(Context& ctx, const Awaited& /*awaited*/, const port::Answer& answer) {
  Effects out;
  if (!answer.ok) {
    ctx.audit(out, "*", "failed");
    out += ctx.fail(irc::Failure::ReloadFailed, {}, reasons(answer));
    return out;
  }
  std::string waiting;
  for (const port::Fact& fact : answer.facts) {
    ctx.note(out, irc::Note::NeedsRestart, fact.what);
    waiting += waiting.empty() ? fact.what : ' ' + fact.what;
  }
  const std::string& server = ctx.options().server_name;
  ctx.reply(out, ctx.numeric(irc::Reply::Reloaded, {server}));
  ctx.audit(out, "*", waiting.empty() ? "" : "needs a restart: " + waiting);
  return out;
}

Effects run(Context& ctx, const Args& /*args*/) {
  Awaited awaited;
  awaited.on_answer = on_answer;
  Effects out;
  const std::uint64_t token = ctx.await(out, std::move(awaited));
  out.add(port::Ask{token, port::Question::Reload});
  return out;
}

}  // namespace

constexpr Command verbs::rehash{
    "rehash", "", "read the configuration again", "/rehash", Access::ServerOperator, Cost{5}, run};

}  // namespace signaller::commands
