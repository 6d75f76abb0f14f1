// Measures the server's memory while peers connect and disconnect.
#include <algorithm>
#include <numeric>
#include <vector>

#include "clock.hpp"
#include "modes.hpp"
#include "process.hpp"
#include "websocket_frame.hpp"

namespace signaller::bench {
namespace {

constexpr double StayS = 1;  // seconds that each peer stays
constexpr int RoundMs = 50;  // interval of checks

/// Ends a peer. Every second peer sends a close frame (code 1000); the others only disconnect.
void leave(ClientPool& pool, Peer& peer) {
  if (peer.index % 2 == 0) {
    std::string goodbye;
    append_masked(goodbye, Opcode::Close, "\x03\xe8");
    pool.send(peer, goodbye);
  }
  pool.close(peer);
}

double mean(std::vector<double>::const_iterator begin, std::vector<double>::const_iterator end) {
  return begin == end ? 0 : std::accumulate(begin, end, 0.0) / static_cast<double>(end - begin);
}

/// The growth in percent from the mean of the second third of the samples to the mean of the last
/// third. The first third is warm-up.
double growth(const std::vector<double>& samples) {
  const auto third = static_cast<std::ptrdiff_t>(samples.size() / 3);
  const double before = mean(samples.begin() + third, samples.begin() + 2 * third);
  const double after = mean(samples.begin() + 2 * third, samples.end());
  return before > 0 ? (after / before - 1) * 100 : 0;
}

}  // namespace

Outcome run_churn(const LoadOptions& options) {
  ClientPool pool(options.target, options.headers);
  Registration registration(pool, options.arrival);
  std::vector<double> samples;
  std::size_t gone = 0;
  const auto begin = now_ns();
  const auto staying = static_cast<std::size_t>(options.churn_rate * StayS);
  double at = 0;
  while (at < options.churn_s && pool.lost() == 0) {
    const auto due = static_cast<std::size_t>(options.churn_rate * at);
    if (!registration.join_peers(due)) break;
    for (; gone + staying < due; ++gone) leave(pool, pool[gone]);
    pool.round(RoundMs, registration);
    if (at >= static_cast<double>(samples.size())) {
      samples.push_back(static_cast<double>(resident_bytes(options.fanout.server)));
    }
    at = seconds(now_ns() - begin);
  }
  Outcome outcome{Report(), pool.failure()};
  if (outcome.failure.empty() && samples.size() < 3)
    outcome.failure = "the run is too short for a result";
  const double took = seconds(now_ns() - begin);
  outcome.report.text("mode", "churn")
      .figure("seconds", took, 1)
      .count("came", pool.size())
      .figure("came_per_s", static_cast<double>(pool.size()) / took, 0)
      .figure("first_kib", samples.empty() ? 0 : samples.front() / 1024, 0)
      .figure("last_kib", samples.empty() ? 0 : samples.back() / 1024, 0)
      .figure("growth_percent", growth(samples), 2);
  return outcome;
}

}  // namespace signaller::bench
