#include <utility>
#include <vector>

#include "commands/context/context.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;
using port::Stat;

/// The statistics of the protocol itself. Times are in seconds, sizes in bytes.
std::vector<Stat> core_stats(Context& ctx) {
  const SlashState& slash = ctx.slash();
  const auto of = [](std::string_view what, std::string_view name, auto value) {
    return Stat{std::string(what), std::string(name), std::to_string(value)};
  };
  const auto stat = [&](std::string_view name, auto value) { return of("server", name, value); };
  return {
      stat("uptime", (ctx.now().steady_ms - slash.options.started_ms) / 1000),
      stat("connections", slash.sessions.size()),
      stat("peers", slash.world.peers().size()),
      stat("suspended", slash.suspended.size()),
      stat("channels", slash.world.channels().size()),
      stat("messages", slash.messages),
      stat("refused", slash.counters.refusals),
      stat("oper_refused", slash.oper_refusals),
      stat("owned_ids", slash.world.identities().size()),
      stat("bans", slash.world.server_bans().size()),
      stat("log_bytes", slash.world.channel_logs().bytes()),
      stat("mail_bytes", slash.world.mailboxes().bytes()),
      stat("replay_bytes", slash.held_lines_index.bytes),
      of("store", "unstored", slash.write_behind.unstored(slash.world)),
      of("store", "lag_ms", slash.write_behind.lag_ms(ctx.now())),
      of("store", "waiting_acks", slash.pending_acks.size()),
  };
}

Result<Effects> on_stats(Context& ctx, const PendingRequest& pending_request,
                         const port::QueryResult& answer) {
  Effects out;
  const std::string& wanted = pending_request.about;
  const auto show = [&](const Stat& stat) {
    if (!wanted.empty() && stat.what != wanted) return;
    const bool text = stat.value.find(' ') != std::string::npos;
    irc::Line line = text ? ctx.numeric(Reply::Statistic, {stat.what, stat.name})
                          : ctx.numeric(Reply::Statistic, {stat.what, stat.name, stat.value});
    if (text) line.trailing(stat.value);
    ctx.reply(out, std::move(line));
  };
  for (const Stat& stat : core_stats(ctx)) show(stat);
  for (const Stat& stat : answer.stats) show(stat);
  ctx.reply(out,
            ctx.numeric(Reply::EndOfStatistics, {wanted.empty() ? std::string_view("*") : wanted}));
  return out;
}

Result<Effects> run_stats(Context& ctx, const Args& args) {
  PendingRequest pending_request;
  pending_request.on_query_result = on_stats;
  pending_request.about = args[0];
  Effects out;
  const std::uint64_t token = ctx.deferred().await(out, std::move(pending_request));
  out.add(port::Query{token, port::QueryKind::Statistics});
  return out;
}

}  // namespace

constexpr Command verbs::stats{"stats",
                               "[what]",
                               "show counters: all, or those of server, net, queues, store …",
                               "/stats store",
                               Access::ServerOperator,
                               Cost{5},
                               Replies{Reply::Statistic, Reply::EndOfStatistics},
                               run_stats};

}  // namespace signaller::commands
