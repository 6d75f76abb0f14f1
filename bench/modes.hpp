// The load generator's modes: each brings its peers in, does its work, and reports.
#pragma once

#include <cstddef>
#include <string>

#include "fanout.hpp"
#include "pool.hpp"
#include "registrar.hpp"
#include "report.hpp"

namespace signaller::bench {

struct LoadOptions {
  Target target;
  Headers headers = Headers::Plain;
  Arrival arrival;
  FanoutOptions fanout;  ///< its `server` is everybody's
  std::size_t peers = 10'000;
  double churn_rate = 1'000;  ///< peers that come, and go, a second
  double churn_s = 600;
};

struct Outcome {
  Report report;
  std::string trouble;  ///< why the figures are worth nothing; empty: they are sound
};

/// Closed loop, or open loop where `fanout.rate` is set.
Outcome run_fanout(const LoadOptions& options);
/// Resident memory of the server for each idle peer.
Outcome run_idle(const LoadOptions& options);
/// How fast peers come in; with all in one channel: how long until all of them are in it.
Outcome run_arrivals(const LoadOptions& options);
/// Peers come and go all the time: does the server's memory grow?
Outcome run_churn(const LoadOptions& options);

}  // namespace signaller::bench
