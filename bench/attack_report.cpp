#include "attack_report.hpp"

#include <nlohmann/json.hpp>

namespace signaller::bench {

std::string report_of(const AttackOptions& options, const std::deque<KindTotals>& all_totals) {
  using nlohmann::ordered_json;
  ordered_json all = ordered_json::object();
  for (const KindTotals& totals : all_totals) {
    ordered_json& one = all[std::string(totals.kind->name)];
    one["attackers"] = totals.attackers;
    one["connections"] = totals.connections;
    one["at_once"] = totals.most_open;
    one["over"] = totals.over;
    one["refused_lines"] = totals.refused;
    one["sent_bytes"] = totals.sent_bytes;
    one["received_bytes"] = totals.received_bytes;
  }
  const ordered_json report{
      {"seconds", options.seconds}, {"scale", options.scale}, {"kinds", std::move(all)}};
  return report.dump();
}

}  // namespace signaller::bench
