#include "attack_report.hpp"

#include <nlohmann/json.hpp>

namespace signaller::bench {

std::string report_of(const AttackOptions& options, const std::deque<Tally>& tallies) {
  using nlohmann::ordered_json;
  ordered_json all = ordered_json::object();
  for (const Tally& tally : tallies) {
    ordered_json& one = all[std::string(tally.kind->name)];
    one["attackers"] = tally.attackers;
    one["connections"] = tally.connections;
    one["at_once"] = tally.most_open;
    one["over"] = tally.over;
    one["refused_lines"] = tally.refused;
    one["sent_bytes"] = tally.sent_bytes;
    one["received_bytes"] = tally.received_bytes;
  }
  const ordered_json report{
      {"seconds", options.seconds}, {"scale", options.scale}, {"kinds", std::move(all)}};
  return report.dump();
}

}  // namespace signaller::bench
