#include "commands/session/metrics.hpp"

#include "commands/grammar/registry.hpp"

namespace signaller::commands {
namespace {

using port::Metric;

double number(std::uint64_t count) {
  return static_cast<double>(count);
}

Metric messages(const Counters& counters) {
  Metric metric = port::counters("messages_total", "Accepted messages, by kind of target.", "kind");
  constexpr std::array<std::string_view, 3> Names{"channel", "private", "broadcast"};
  for (std::size_t i = 0; i < Names.size(); ++i) {
    metric.add(Names[i], number(counters.messages[i]));
  }
  return metric;
}

Metric commands(const Counters& counters) {
  Metric metric =
      port::counters("commands_total", "Commands received, refused ones included.", "command");
  for (const Command* command : all_commands()) {
    const auto found = counters.commands.find(command);
    const std::uint64_t count = found == counters.commands.end() ? 0 : found->second;
    metric.add(command->name, number(count));
  }
  return metric;
}

Metric refused(const Counters& counters) {
  Metric metric =
      port::counters("refused_total", "Refused lines, by numeric or code of the reply.", "code");
  for (const auto& [code, count] : counters.refused) {
    metric.add(code, number(count));
  }
  return metric;
}

Metric peers(const SlashState& slash) {
  const std::size_t all = slash.world.peers().size();
  const std::size_t suspended = slash.suspended.size();
  return {"peers",
          "Peers that have described themselves.",
          Metric::Kind::Gauge,
          "state",
          {{"live", number(all - suspended)}, {"suspended", number(suspended)}},
          {},
          0};
}

}  // namespace

port::Metrics metrics_of(const SlashState& slash, port::Instant now) {
  using port::counter;
  using port::gauge;
  return {
      gauge("uptime_seconds", "Seconds since the start.",
            static_cast<double>(now.steady_ms - slash.options.started_ms) / 1000),
      gauge("sessions", "Connections that speak the slash protocol.",
            number(slash.sessions.size())),
      peers(slash),
      gauge("channels", "Existing channels.", number(slash.world.channels().size())),
      messages(slash.counters),
      commands(slash.counters),
      refused(slash.counters),
      counter("oper_refused_total", "Attempts of /oper with a wrong name or password.",
              number(slash.oper_refusals)),
      gauge("owned_ids", "Ids with an owner.", number(slash.world.identities().size())),
      gauge("server_bans", "Bans of the server.", number(slash.world.server_bans().size())),
      gauge("log_bytes", "Bytes of the stored messages of all channels.",
            number(slash.world.channel_logs().bytes())),
      gauge("mail_bytes", "Bytes of the stored private messages of all peers.",
            number(slash.world.mailboxes().bytes())),
      gauge("replay_bytes", "Bytes of lines that wait behind replays.",
            number(slash.held_lines_index.bytes)),
      gauge("store_unstored", "Keys whose newest state is not stored.",
            number(slash.write_behind.unstored(slash.world))),
      gauge("store_lag_seconds", "Age of the oldest change that is not stored.",
            static_cast<double>(slash.write_behind.lag_ms(now)) / 1000),
      gauge("store_waiting_acks", "Messages whose ACK waits for the store.",
            number(slash.pending_acks.size())),
  };
}

}  // namespace signaller::commands
