// What operators and their collectors ask over HTTP: /metrics and /info.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "port/protocol.hpp"

namespace signaller {

/// Served on the operations listener only, from the core's thread.
class Operations final : public port::Protocol {
 public:
  /// Which server this is.
  struct Info {
    std::string version;
    std::string server_name;
    std::string boot;  ///< another one after each start
    std::int64_t uptime_s = 0;
    std::string store;
    bool durable = false;
  };
  struct Sources {
    std::function<port::Metrics(port::Instant now)> metrics;
    std::function<Info(port::Instant now)> info;
  };
  explicit Operations(Sources sources);

  /// The paths that there are in this build.
  static std::vector<port::Endpoint> paths();

  [[nodiscard]] std::vector<port::Endpoint> endpoints() const override { return paths(); }
  port::Effects on_http(const port::HttpRequest& request, port::Instant now) override;

 private:
  Sources sources_;
};

/// As Prometheus reads it (text format 0.0.4), each name with the prefix `signaller_` unless it
/// begins with `process_`. Empty in a build without metrics.
std::string metrics_text(const port::Metrics& metrics);

/// What the system counts of the process, under the names that Prometheus' own clients use.
port::Metrics process_metrics();

}  // namespace signaller
