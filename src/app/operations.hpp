// The HTTP endpoints for operators and their monitoring: /metrics and /info.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "port/protocol.hpp"

namespace signaller {

/// Serves /metrics and /info, on the operations listener only. Runs on the core's thread.
class Operations final : public port::Protocol {
 public:
  /// The fields of the /info answer.
  struct Info {
    std::string version;
    std::string server_name;
    std::string boot;  ///< a new random value after each start
    std::int64_t uptime_s = 0;
    std::string store;
    bool durable = false;
  };
  struct Sources {
    std::function<port::Metrics(port::Instant now)> metrics;
    std::function<Info(port::Instant now)> info;
  };
  explicit Operations(Sources sources);

  /// The endpoints of this build.
  static std::vector<port::Endpoint> paths();

  [[nodiscard]] std::vector<port::Endpoint> endpoints() const override { return paths(); }
  port::Effects on_http(const port::HttpRequest& request, port::Instant now) override;

 private:
  Sources sources_;
};

/// The metrics in the text format of Prometheus (0.0.4). Names get the prefix `signaller_`, unless
/// they begin with `process_`. Empty in a build without metrics.
std::string metrics_text(const port::Metrics& metrics);

/// The metrics of the process, under the names that the clients of Prometheus use.
port::Metrics process_metrics();

}  // namespace signaller
