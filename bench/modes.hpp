// The modes of the load generator: each registers its peers, measures, and reports.
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
  FanoutOptions fanout;  ///< options of the fan-out mode; all modes use its `server`
  std::size_t peers = 10'000;
  double churn_rate = 1'000;  ///< peers per second: this many connect, and equally many disconnect
  double churn_s = 600;
  std::size_t entries = 50;  ///< messages in each channel before a crash
  std::size_t sample = 200;  ///< peers that resume after the crash
};

struct Outcome {
  Report report;
  std::string failure;  ///< why the results are invalid; empty: they are valid
};

/// Runs a closed loop, or an open loop if `fanout.rate` is set.
Outcome run_fanout(const LoadOptions& options);
/// Measures the resident memory of the server for each idle peer.
Outcome run_idle(const LoadOptions& options);
/// Measures how fast peers register; with one channel, how long until all have joined it.
Outcome run_arrivals(const LoadOptions& options);
/// Connects and disconnects peers all the time and measures the growth of the server's memory.
Outcome run_churn(const LoadOptions& options);

/// Measures the time to an ACK at a fixed rate of labelled messages.
Outcome run_acks(const LoadOptions& options);
/// Registers peers, fills the channels with messages, and disconnects: the state before a crash.
Outcome run_populate(const LoadOptions& options);
/// Resumes some of these peers after the crash and checks that they get the whole history.
Outcome run_return(const LoadOptions& options);

}  // namespace signaller::bench
