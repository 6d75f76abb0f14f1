#include <utility>
#include <vector>

#include "commands/context.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;
using port::Fact;

/// What the core itself counts. Times in seconds, sizes in bytes.
std::vector<Fact> core_facts(Context& ctx) {
  const Core& core = ctx.core();
  const auto of = [](std::string_view what, std::string_view name, auto value) {
    return Fact{std::string(what), std::string(name), std::to_string(value)};
  };
  const auto fact = [&](std::string_view name, auto value) { return of("server", name, value); };
  return {
      fact("uptime", (ctx.now().steady_ms - core.options.started_ms) / 1000),
      fact("connections", core.sessions.size()),
      fact("peers", core.world.peers().size()),
      fact("suspended", core.suspended.size()),
      fact("channels", core.world.channels().size()),
      fact("messages", core.messages),
      fact("refused", core.counters.refusals),
      fact("oper_refused", core.oper_refusals),
      fact("owned_ids", core.world.identities().size()),
      fact("bans", core.world.server_bans().size()),
      fact("log_bytes", core.world.log_bytes()),
      fact("mail_bytes", core.world.mail_bytes()),
      fact("replay_bytes", core.gaps.bytes),
      of("store", "unstored", core.saving.unstored(core.world)),
      of("store", "lag_ms", core.saving.lag_ms(ctx.now())),
      of("store", "waiting_acks", core.pending_acks.size()),
  };
}

Effects on_answer(Context& ctx, const Awaited& awaited, const port::Answer& answer) {
  Effects out;
  const std::string& wanted = awaited.about;
  const auto show = [&](const Fact& fact) {
    if (!wanted.empty() && fact.what != wanted) return;
    const bool text = fact.value.find(' ') != std::string::npos;
    irc::Line line = text ? ctx.numeric(Reply::Statistic, {fact.what, fact.name})
                          : ctx.numeric(Reply::Statistic, {fact.what, fact.name, fact.value});
    if (text) line.trailing(fact.value);
    ctx.reply(out, std::move(line));
  };
  for (const Fact& fact : core_facts(ctx)) show(fact);
  for (const Fact& fact : answer.facts) show(fact);
  ctx.reply(out,
            ctx.numeric(Reply::EndOfStatistics, {wanted.empty() ? std::string_view("*") : wanted}));
  return out;
}

Effects run(Context& ctx, const Args& args) {
  Awaited awaited;
  awaited.on_answer = on_answer;
  awaited.about = args[0];
  Effects out;
  const std::uint64_t token = ctx.await(out, std::move(awaited));
  out.add(port::Ask{token, port::Question::Statistics});
  return out;
}

}  // namespace

constexpr Command verbs::stats{"stats",
                               "[what]",
                               "show what the server counts: all, or server, net, queues, store …",
                               "/stats store",
                               Access::ServerOperator,
                               Cost{5},
                               run};

}  // namespace signaller::commands
