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
  struct ConfigSources {
    std::function<port::Metrics(port::Instant now)> metrics;
    std::function<Info(port::Instant now)> info;
  };
  explicit Operations(ConfigSources sources);

  /// The paths that there are in this build.
  static std::vector<port::Endpoint> paths();

  [[nodiscard]] std::vector<port::Endpoint> endpoints() const override { return paths(); }
  [[nodiscard]] std::size_t first_frame_limit() const override { return 0; }
  port::Effects on_http(const port::HttpRequest& request, port::Instant now) override;

  // No WebSocket is opened here, and nothing is awaited.
  port::Effects on_open(const port::Opened&, port::Instant) override { return {}; }
  port::Effects on_text(port::ConnectionId, std::string_view, port::Instant) override { return {}; }
  port::Effects on_close(const port::Closed&, port::Instant) override { return {}; }
  port::Effects on_tick(port::Instant) override { return {}; }
  port::Effects on_drain(port::ConnectionId, port::Instant) override { return {}; }
  port::Effects on_stored(port::Stored, port::Instant) override { return {}; }
  port::Effects on_verified(port::Verified, port::Instant) override { return {}; }
  port::Effects on_query_result(const port::QueryResult&, port::Instant) override { return {}; }
  port::Effects on_turn_end(port::Instant) override { return {}; }
  port::Effects on_shutdown(port::Instant) override { return {}; }

 private:
  ConfigSources sources_;
};

/// As Prometheus reads it (text format 0.0.4), each name with the prefix `signaller_` unless it
/// begins with `process_`. Empty in a build without metrics.
std::string metrics_text(const port::Metrics& metrics);

/// What the system counts of the process, under the names that Prometheus' own clients use.
port::Metrics process_metrics();

}  // namespace signaller
