// Text output of `signaller gc`.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "cli/store_reports.hpp"
#include "cli/text_table.hpp"
#include "log/log_text.hpp"

namespace signaller {
namespace {

constexpr std::size_t LongestKey = 200;  // above the length of any key that a server writes

std::string removal_text(const persist::Removal& item) {
  const std::string key = cell(item.key, LongestKey);
  return item.part.empty() ? key : fmt::format("{}  {}", key, cell(item.part));
}

template <class Things, class Show>
void add_list(std::string& out, std::string_view title, const Things& things, std::size_t max_rows,
              const Show& show) {
  if (things.empty()) return;
  out += fmt::format("\n{}: {}\n", title, grouped(things.size()));
  const std::size_t shown = std::min(max_rows, things.size());
  for (std::size_t i = 0; i < shown; ++i) out += fmt::format("  {}\n", show(things[i]));
  if (shown < things.size()) {
    out += fmt::format("  and {} more (--keys N)\n", grouped(things.size() - shown));
  }
}

void add_garbage(std::string& out, const GcReport& report) {
  const auto& removals = report.done->plan.removals;
  for (std::size_t i = 0; i < persist::GarbageKinds; ++i) {
    const auto kind = static_cast<persist::GarbageKind>(i);
    std::vector<persist::Removal> some;
    std::copy_if(removals.begin(), removals.end(), std::back_inserter(some),
                 [kind](const persist::Removal& item) { return item.kind == kind; });
    add_list(out, persist::garbage_text(kind), some, report.keys, removal_text);
  }
}

std::string result_text(const GcReport& report) {
  const std::size_t found = report.done->plan.removals.size();
  if (found == 0) return "nothing to remove";
  if (report.dry_run) return fmt::format("{} would be removed (dry run)", grouped(found));
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
  add_garbage(out, report);
  add_list(out, "kept, although unreadable (--corrupt removes it)", done.plan.unreadable,
           report.keys, removal_text);
  add_list(out, "kept, because this server never writes such a name or type", done.plan.unknown,
           report.keys, [](const std::string& key) { return cell(key, LongestKey); });
  return out;
}

}  // namespace signaller
