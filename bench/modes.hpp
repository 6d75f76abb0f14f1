// The load generator's modes: each brings its peers in, does its work, and reports.
#pragma once

#include <cstddef>
#include <string>

#include "client_pool.hpp"
#include "fanout.hpp"
#include "registration.hpp"
#include "report.hpp"

namespace signaller::bench {

struct LoadOptions {
  Target target;
  Headers headers = Headers::Plain;
  RegistrationOptions arrival;
  FanoutOptions fanout;  ///< its `server` is everybody's
  std::size_t peers = 10'000;
  double churn_rate = 1'000;  ///< peers that come, and go, a second
  double churn_s = 600;
  std::size_t entries = 50;  ///< messages said in each channel before a crash
  std::size_t sample = 200;  ///< peers that come back after it
};

struct Outcome {
  Report report;
  std::string failure;  ///< why the figures are worth nothing; empty: they are sound
};

/// Closed loop, or open loop where `fanout.rate` is set.
Outcome run_fanout(const LoadOptions& options);
/// Resident memory of the server for each idle peer.
Outcome run_idle(const LoadOptions& options);
/// How fast peers come in; with all in one channel: how long until all of them are in it.
Outcome run_arrivals(const LoadOptions& options);
/// Peers come and go all the time: does the server's memory grow?
Outcome run_churn(const LoadOptions& options);

/// So many labelled messages a second: how long until each is acknowledged?
Outcome run_acks(const LoadOptions& options);
/// Peers come, talk until every channel has its entries, and are cut: what a crash is to find.
Outcome run_populate(const LoadOptions& options);
/// Some of those come back after it, into their channels, and hear all that was said there.
Outcome run_return(const LoadOptions& options);

}  // namespace signaller::bench
