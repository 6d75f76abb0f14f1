// What `signaller gc` says to people.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "cli/store_reports.hpp"
#include "cli/text_table.hpp"
#include "log/log_text.hpp"

namespace signaller {
namespace {

constexpr std::size_t LongestKey = 200;  // longer than a server's are

std::string removal_text(const persist::Removal& one) {
  const std::string key = cell(one.key, LongestKey);
  return one.part.empty() ? key : fmt::format("{}  {}", key, cell(one.part));
}

template <class Things, class Show>
void add_list(std::string& out, std::string_view title, const Things& things, std::size_t most,
              const Show& show) {
  if (things.empty()) return;
  out += fmt::format("\n{}: {}\n", title, grouped(things.size()));
  const std::size_t shown = std::min(most, things.size());
  for (std::size_t i = 0; i < shown; ++i) out += fmt::format("  {}\n", show(things[i]));
  if (shown < things.size()) {
    out += fmt::format("  and {} more (--keys N)\n", grouped(things.size() - shown));
  }
}

void add_wastes(std::string& out, const GcReport& report) {
  const auto& removals = report.done->plan.removals;
  for (std::size_t i = 0; i < persist::Wastes; ++i) {
    const auto waste = static_cast<persist::Waste>(i);
    std::vector<persist::Removal> some;
    std::copy_if(removals.begin(), removals.end(), std::back_inserter(some),
                 [waste](const persist::Removal& one) { return one.waste == waste; });
    add_list(out, persist::waste_text(waste), some, report.keys, removal_text);
  }
}

std::string result_text(const GcReport& report) {
  const std::size_t found = report.done->plan.removals.size();
  if (found == 0) return "there is nothing to remove";
  if (report.dry_run) return fmt::format("{} would be removed; nothing was", grouped(found));
  if (report.done->removed == found) return fmt::format("{} removed", grouped(found));
  return fmt::format("{} of {} removed", grouped(report.done->removed), grouped(found));
}

}  // namespace

std::string gc_text(const GcReport& report) {
  const persist::GcResult& done = *report.done;
  std::string out =
      fmt::format("{:<10}{}, prefix {}\n", "store", report.store, cell(report.prefix));
  if (done.lease) out += fmt::format("{:<10}{}\n", "lease", lease_text(*done.lease));
  out += fmt::format("{:<10}{}\n", "result", result_text(report));
  add_wastes(out, report);
  add_list(out, "left, although it cannot be read (--corrupt removes it)", done.plan.left,
           report.keys, removal_text);
  add_list(out, "left, since names or types are not ours", done.plan.unknown, report.keys,
           [](const std::string& key) { return cell(key, LongestKey); });
  return out;
}

}  // namespace signaller
