// JSON output of `signaller inspect` and `signaller gc`.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/store_reports.hpp"
#include "persist/tools/store_summary.hpp"

namespace signaller {
namespace {

using Json = nlohmann::ordered_json;

/// Formats JSON with indentation, as ASCII. Invalid UTF-8 becomes U+FFFD.
std::string dumped(const Json& json) {
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

Json text_or_null(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}
Json error_json(const std::string& problem) {
  return problem.empty() ? Json(nullptr) : Json(problem);
}

Json lease_json(const std::optional<persist::LeaseStatus>& lease) {
  if (!lease) return nullptr;
  Json json{{"state", holder_state_text(lease->holder_state)}, {"left_ms", lease->left_ms}};
  if (!lease->holder) {
    json["token"] = lease->token;
    return json;
  }
  json["host"] = lease->holder->host;
  json["pid"] = lease->holder->pid;
  json["start"] = lease->holder->start;
  json["boot"] = lease->holder->boot;
  return json;
}

Json channels_json(const persist::StoreSummary& summary, std::size_t max_rows) {
  Json all = Json::array();
  for (std::size_t i = 0; i < std::min(max_rows, summary.channels_by_size.size()); ++i) {
    const persist::ChannelLine& item = summary.channels_by_size[i];
    all.push_back({{"name", item.record->name},
                   {"members", item.members},
                   {"messages", item.messages},
                   {"bytes", item.bytes},
                   {"seq", item.record->seq},
                   {"epoch", item.record->epoch},
                   {"topic_bytes", item.record->topic.size()},
                   {"created_ms", item.record->created_ms}});
  }
  return all;
}

Json ghosts_json(const persist::StoreSummary& summary, std::size_t max_rows) {
  Json all = Json::array();
  for (std::size_t i = 0; i < std::min(max_rows, summary.sessions.size()); ++i) {
    const persist::SessionLine& item = summary.sessions[i];
    all.push_back({{"id", item.record->id},
                   {"nick", item.record->nick},
                   {"channels", item.channels},
                   {"mail", item.mail},
                   {"resume_ms", item.record->resume_ms},
                   {"seen_ms", item.record->seen_ms}});
  }
  return all;
}

void add_summary(Json& json, const InspectReport& report) {
  const persist::StoreSummary summary = persist::summarize(report.found->snapshot);
  json["peers"] = {{"total", summary.peers},
                   {"here", summary.here},
                   {"kept", summary.kept},
                   {"owned", summary.owned}};
  json["channels"] = {{"total", summary.channels}, {"members", summary.members}};
  json["logs"] = {{"messages", summary.messages}, {"bytes", summary.message_bytes}};
  json["mail"] = {{"messages", summary.mail}, {"bytes", summary.mail_bytes}};
  json["bans"] = {{"server", summary.bans}, {"channels", summary.channel_bans}};
  json["audit"] = summary.audit;
  json["largest_channels"] = channels_json(summary, report.channels);
  json["ghosts"] = ghosts_json(summary, report.ghosts);
  json["faults"] = report.found->faults;
}

Json removals_json(const std::vector<persist::Removal>& removals, std::size_t max_rows) {
  Json all = Json::array();
  for (std::size_t i = 0; i < std::min(max_rows, removals.size()); ++i) {
    const persist::Removal& item = removals[i];
    Json json{{"what", persist::garbage_name(item.kind)}, {"key", item.key}};
    if (!item.part.empty()) json["part"] = item.part;
    all.push_back(std::move(json));
  }
  return all;
}

}  // namespace

std::string inspect_json(const InspectReport& report) {
  const persist::Inspection& found = *report.found;
  Json json{{"store", report.store},
            {"prefix", report.prefix},
            {"error", error_json(found.problem)},
            {"redis",
             {{"version", found.redis_version},
              {"used_memory", found.redis_memory},
              {"maxmemory", found.redis_maxmemory},
              {"warnings", found.warnings}}},
            {"schema", text_or_null(found.schema)},
            {"key", text_or_null(found.fingerprint)},
            {"lease", lease_json(found.lease)},
            {"filled", text_or_null(found.filled)},
            {"sealed", found.sealed}};
  if (found.problem.empty()) add_summary(json, report);
  return dumped(json);
}

std::string gc_json(const GcReport& report) {
  const persist::GcPlan& plan = report.done->plan;
  Json counts = Json::object();
  for (std::size_t i = 0; i < persist::GarbageKinds; ++i) {
    const auto kind = static_cast<persist::GarbageKind>(i);
    counts[std::string(persist::garbage_name(kind))] =
        std::count_if(plan.removals.begin(), plan.removals.end(),
                      [kind](const persist::Removal& item) { return item.kind == kind; });
  }
  const std::size_t unknown = std::min(report.keys, plan.unknown.size());
  const Json names(std::vector<std::string>(
      plan.unknown.begin(), plan.unknown.begin() + static_cast<std::ptrdiff_t>(unknown)));
  return dumped(
      {{"store", report.store},
       {"prefix", report.prefix},
       {"error", error_json(report.done->problem)},
       {"dry_run", report.dry_run},
       {"lease", lease_json(report.done->lease)},
       {"found", plan.removals.size()},
       {"removed", report.done->removed},
       {"counts", counts},
       {"removals", removals_json(plan.removals, report.keys)},
       {"unreadable",
        {{"total", plan.unreadable.size()}, {"keys", removals_json(plan.unreadable, report.keys)}}},
       {"unknown", {{"total", plan.unknown.size()}, {"keys", names}}}});
}

}  // namespace signaller
