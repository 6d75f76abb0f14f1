// Text output of `signaller inspect`.
#include <fmt/format.h>

#include <algorithm>

#include "cli/store_reports.hpp"
#include "cli/text_table.hpp"
#include "log/log_text.hpp"
#include "persist/tools/store_summary.hpp"

namespace signaller {
namespace {

using Align = TextTable::Align;

constexpr std::size_t FaultsShown = 20;

void add_line(std::string& out, std::string_view name, const std::string& text) {
  out += fmt::format("{:<10}{}\n", name, text);
}

std::string when(std::int64_t unix_ms) {
  return unix_ms <= 0 ? "-" : time_text(unix_ms);
}

bool is_running(const persist::Inspection& found) {
  return found.lease && found.lease->holder_state != persist::HolderState::Dead;
}

std::string end_text(const persist::Inspection& found) {
  if (!found.filled && !found.schema) return "by no server yet";
  // the key `filled` is missing because gc has run: its first removal also deletes `filled`
  if (!found.filled) {
    return found.sealed ? "by a server that shut down cleanly (sealed); gc has run since"
                        : "by an unknown server start: gc has run since";
  }
  const std::string by =
      fmt::format("by server start {}", cell(found.filled->substr(0, found.filled->find(' '))));
  if (found.sealed) return by + ", sealed: it shut down cleanly";
  return by + (is_running(found) ? ", not sealed: it is running"
                                 : ", not sealed: it crashed, message numbers will skip ahead");
}

void add_header(std::string& out, const InspectReport& report) {
  const persist::Inspection& found = *report.found;
  add_line(out, "store", fmt::format("{}, prefix {}", report.store, cell(report.prefix)));
  if (!found.redis_version.empty()) {
    add_line(out, "redis",
             fmt::format("{}, {} used, maxmemory {}", cell(found.redis_version),
                         size_text(found.redis_memory),
                         found.redis_maxmemory == 0 ? "none" : size_text(found.redis_maxmemory)));
  }
  for (const std::string& warning : found.warnings) add_line(out, "warning", printable(warning));
  add_line(out, "schema",
           found.schema ? cell(*found.schema) : "none: no server has written under this prefix");
  add_line(out, "key",
           found.fingerprint ? "fingerprint " + cell(found.fingerprint->substr(0, 16))
                             : "no fingerprint");
  add_line(out, "lease", found.lease ? lease_text(*found.lease) : "not held");
  add_line(out, "written", end_text(found));
}

void add_counts(std::string& out, const persist::StoreSummary& summary,
                const persist::Inspection& found) {
  const auto n = [](std::size_t number) { return grouped(number); };
  add_line(out, "peers",
           fmt::format("{}: {} here ({}), {} kept identities; {} owned", n(summary.peers),
                       n(summary.here), is_running(found) ? "live or suspended" : "ghosts",
                       n(summary.kept), n(summary.owned)));
  add_line(out, "channels",
           fmt::format("{} with {} members", n(summary.channels), n(summary.members)));
  add_line(out, "logs",
           fmt::format("{} messages, {}", n(summary.messages), size_text(summary.message_bytes)));
  add_line(out, "mail",
           fmt::format("{} messages, {}", n(summary.mail), size_text(summary.mail_bytes)));
  add_line(
      out, "bans",
      fmt::format("{} of the server, {} of channels", n(summary.bans), n(summary.channel_bans)));
  add_line(out, "audit", fmt::format("{} entries", n(summary.audit)));
  add_line(out, "faults", n(found.faults.size()));
}

void add_more(std::string& out, std::size_t all, std::size_t shown, std::string_view option) {
  if (all > shown) out += fmt::format("and {} more ({})\n", grouped(all - shown), option);
}

void add_channels(std::string& out, const persist::StoreSummary& summary, std::size_t max_rows) {
  const std::size_t shown = std::min(max_rows, summary.channels_by_size.size());
  if (shown == 0) return;
  TextTable table({{"channel", Align::Left},
                   {"members"},
                   {"messages"},
                   {"bytes"},
                   {"seq"},
                   {"epoch", Align::Left},
                   {"topic"},
                   {"created", Align::Left}});
  for (std::size_t i = 0; i < shown; ++i) {
    const persist::ChannelLine& line = summary.channels_by_size[i];
    const port::ChannelRecord& record = *line.record;
    table.row({cell(record.name), grouped(line.members), grouped(line.messages),
               grouped(line.bytes), std::to_string(record.seq), cell(record.epoch),
               grouped(record.topic.size()), when(record.created_ms)});
  }
  out += "\n" + table.text();
  add_more(out, summary.channels_by_size.size(), shown, "--channels N");
}

void add_ghosts(std::string& out, const persist::StoreSummary& summary, std::size_t max_rows,
                bool running) {
  const std::size_t shown = std::min(max_rows, summary.sessions.size());
  if (shown == 0) return;
  TextTable table({{running ? "here" : "ghost", Align::Left},
                   {"nick", Align::Left},
                   {"channels"},
                   {"mail"},
                   {"window"},
                   {"seen", Align::Left}});
  for (std::size_t i = 0; i < shown; ++i) {
    const persist::SessionLine& line = summary.sessions[i];
    table.row({cell(line.record->id), cell(line.record->nick), grouped(line.channels),
               grouped(line.mail), fmt::format("{} s", line.record->resume_ms / 1000),
               when(line.record->seen_ms)});
  }
  out += "\n" + table.text();
  add_more(out, summary.sessions.size(), shown, "--ghosts N");
}

void add_faults(std::string& out, const std::vector<std::string>& faults) {
  if (faults.empty()) return;
  out += "\nfaults: a server leaves these out when it starts\n";
  const std::size_t shown = std::min(FaultsShown, faults.size());
  for (std::size_t i = 0; i < shown; ++i) out += fmt::format("  {}\n", printable(faults[i]));
  add_more(out, faults.size(), shown, "--json");
}

}  // namespace

std::string_view holder_state_text(persist::HolderState holder_state) {
  switch (holder_state) {
    case persist::HolderState::Alive:
      return "alive";
    case persist::HolderState::Dead:
      return "dead";
    case persist::HolderState::Unknown:
      break;
  }
  return "unknown";
}

std::string lease_text(const persist::LeaseStatus& lease) {
  const std::string left =
      lease.left_ms < 0 ? "never expires"
                        : fmt::format("{:.1f} s left", static_cast<double>(lease.left_ms) / 1000);
  if (!lease.holder) return fmt::format("{} (malformed), {}", cell(lease.token), left);
  const persist::LeaseHolder& holder = *lease.holder;
  return fmt::format("process {} on {}, started at tick {}, boot {}: {}, {}", holder.pid,
                     cell(holder.host), holder.start, cell(holder.boot),
                     lease.holder_state == persist::HolderState::Unknown
                         ? "alive or dead, cannot be checked from this machine"
                         : holder_state_text(lease.holder_state),
                     left);
}

std::string inspect_text(const InspectReport& report) {
  std::string out;
  add_header(out, report);
  if (!report.found->problem.empty()) return out;
  const persist::StoreSummary summary = persist::summarize(report.found->snapshot);
  add_counts(out, summary, *report.found);
  add_channels(out, summary, report.channels);
  add_ghosts(out, summary, report.ghosts, is_running(*report.found));
  add_faults(out, report.found->faults);
  return out;
}

}  // namespace signaller
