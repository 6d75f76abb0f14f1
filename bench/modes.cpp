#include "modes.hpp"

#include "clock.hpp"
#include "process.hpp"

namespace signaller::bench {
namespace {

constexpr int QuietMs = 300;

double quotient(double value, double by) {
  return by > 0 ? value / by : 0;
}

double micros(double ns) {
  return ns / 1e3;
}

std::string error_of(const FanoutFigures& figures) {
  if (figures.sound()) return {};
  if (!figures.failure.empty()) return figures.failure;
  return figures.deliveries == 0 ? "nothing was delivered"
                                 : "messages were lost, duplicated or reordered";
}

Report report_of(const FanoutOptions& options, const FanoutFigures& figures) {
  const auto deliveries = static_cast<double>(figures.deliveries);
  const auto server_ns = static_cast<double>(figures.server_cpu_ns);
  const auto load_ns = static_cast<double>(figures.load_cpu_ns);
  const auto latency = [&](double share) {
    return micros(static_cast<double>(figures.latency.at(share)));
  };
  Report report;
  report.text("mode", options.rate > 0 ? "open" : "fanout")
      .count("receivers", options.receivers)
      .count("senders", options.senders)
      .count("in_flight", options.rate > 0 ? 0 : options.in_flight)
      .figure("rate", options.rate, 1)
      .count("content", options.content)
      .count("labelled", options.labelled ? 1 : 0)
      .figure("seconds", figures.seconds, 2)
      .count("deliveries", figures.deliveries)
      .figure("messages_per_s", quotient(static_cast<double>(figures.messages), figures.seconds), 1)
      .figure("deliveries_per_s", quotient(deliveries, figures.seconds), 0)
      .figure("server_us_per_delivery", quotient(micros(server_ns), deliveries), 4)
      .figure("server_busy", quotient(server_ns / 1e9, figures.seconds), 3)
      .figure("load_us_per_delivery", quotient(micros(load_ns), deliveries), 4)
      .figure("load_busy", quotient(load_ns / 1e9, figures.seconds), 3)
      .figure("deliveries_per_read", quotient(deliveries, static_cast<double>(figures.reads)), 2)
      .figure("p50_us", latency(0.5), 1)
      .figure("p99_us", latency(0.99), 1)
      .figure("p999_us", latency(0.999), 1)
      .figure("max_us", micros(static_cast<double>(figures.latency.max())), 1)
      .count("lost", figures.lost)
      .count("doubled", figures.doubled)
      .count("disordered", figures.disordered)
      .count("corrupt", figures.corrupt)
      .count("misacknowledged", figures.misacknowledged)
      .count("other_lines", figures.other);
  return report;
}

}  // namespace

Outcome run_fanout(const LoadOptions& options) {
  ClientPool pool(options.target, options.headers);
  RegistrationOptions arrival = options.arrival;
  arrival.channel_size = 0;
  Registration registration(pool, arrival);
  FanoutFigures figures;
  if (!registration.join_peers(options.fanout.receivers + options.fanout.senders)) {
    figures.failure = pool.failure();
    return {report_of(options.fanout, figures), figures.failure};
  }
  registration.wait_until_quiet(QuietMs);
  figures = Fanout(pool, options.fanout, registration.channel_of(0)).run();
  return {report_of(options.fanout, figures), error_of(figures)};
}

Outcome run_idle(const LoadOptions& options) {
  const pid_t server = options.fanout.server;
  ClientPool pool(options.target, options.headers);
  Registration registration(pool, options.arrival);
  const auto come = [&](std::size_t goal) {
    if (registration.join_peers(goal)) registration.wait_until_quiet(QuietMs);
    return static_cast<double>(resident_bytes(server));
  };
  const std::size_t half = options.peers / 2;
  const double empty = come(0);
  const double with_half = come(half);
  const double with_all = come(options.peers);
  Outcome outcome{Report(), pool.failure()};
  if (outcome.failure.empty() && empty <= 0)
    outcome.failure = "cannot read the memory of the process --pid";
  const auto late = static_cast<double>(options.peers - half);
  outcome.report.text("mode", "idle")
      .count("peers", options.peers)
      .count("channel_size", options.arrival.channel_size)
      .figure("empty_kib", empty / 1024, 0)
      .figure("half_kib", with_half / 1024, 0)
      .figure("full_kib", with_all / 1024, 0)
      .figure("bytes_per_peer", quotient(with_all - with_half, late), 0)
      .figure("bytes_per_peer_from_empty",
              quotient(with_all - empty, static_cast<double>(options.peers)), 0);
  return outcome;
}

Outcome run_arrivals(const LoadOptions& options) {
  const pid_t server = options.fanout.server;
  ClientPool pool(options.target, options.headers);
  Registration registration(pool, options.arrival);
  const auto server_before = cpu_ns(server);
  const auto load_before = own_cpu_ns();
  const auto begin = now_ns();
  registration.join_peers(options.peers);
  const double joined_s = seconds(now_ns() - begin);
  if (pool.lost() == 0) registration.wait_until_quiet(QuietMs);
  const double quiet_s = seconds(registration.last_byte_ns() - begin);
  const auto peers = static_cast<double>(registration.joined());
  Outcome outcome{Report(), pool.failure()};
  outcome.report.text("mode", options.arrival.channel_size == 0 ? "crowd" : "arrivals")
      .count("peers", options.peers)
      .count("channel_size", options.arrival.channel_size)
      .count("under_way", options.arrival.under_way)
      .count("joined", registration.joined())
      .figure("joined_s", joined_s, 3)
      .figure("quiet_s", quiet_s, 3)
      .figure("arrivals_per_s", quotient(peers, joined_s), 0)
      .figure("server_us_per_arrival",
              quotient(micros(static_cast<double>(cpu_ns(server) - server_before)), peers), 2)
      .figure("load_us_per_arrival",
              quotient(micros(static_cast<double>(own_cpu_ns() - load_before)), peers), 2);
  return outcome;
}

}  // namespace signaller::bench
