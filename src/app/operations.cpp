#include "app/operations.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace signaller {
namespace {

std::string info_text(const Operations::Info& info) {
  const nlohmann::ordered_json json{
      {"name", "signaller"},    {"version", info.version}, {"server_name", info.server_name},
      {"boot", info.boot},      {"uptime", info.uptime_s}, {"store", info.store},
      {"durable", info.durable}};
  return json.dump() + "\n";
}

}  // namespace

Operations::Operations(Sources sources) : sources_(std::move(sources)) {}

std::vector<port::Endpoint> Operations::paths() {
  std::vector<port::Endpoint> all{{"info", "/info", "", true, false}};
#if SIGNALLER_METRICS
  all.push_back({"metrics", "/metrics", "", true, false});
#endif
  return all;
}

port::Effects Operations::on_http(const port::HttpRequest& request, port::Instant now) {
  if (request.path == "/metrics") {
    return port::Effect(port::Respond{request.id(), 200, "text/plain; version=0.0.4; charset=utf-8",
                                      metrics_text(sources_.metrics(now))});
  }
  return port::Effect(
      port::Respond{request.id(), 200, "application/json", info_text(sources_.info(now))});
}

}  // namespace signaller
