#include "cli/store_tools.hpp"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <stdexcept>

#include "cli/restore_dry_run.hpp"
#include "cli/store_reports.hpp"
#include "log/log_text.hpp"
#include "persist/tools/garbage_collector.hpp"
#include "persist/tools/inspection.hpp"

namespace signaller {
namespace {

/// The configuration of a server with these sources, with the overrides in `options`.
Config config_of(const ConfigSources& sources, const ToolOptions& options) {
  Config config = load_settings(sources).config;
  if (config.store == "memory") {
    throw std::runtime_error(
        "the configured store is \"memory\", which other processes cannot read; use --store "
        "redis://…");
  }
  const auto set = [&config](std::string_view key, const std::string& value) {
    const ConfigError problem = value.empty() ? "" : set_value(*find_key(key), value, config);
    if (!problem.empty()) throw std::runtime_error(problem);
  };
  set("store_prefix", options.prefix);
  set("store_timeout", options.timeout);
  return config;
}

persist::RedisOptions redis_options(const Config& config) {
  persist::RedisOptions redis;
  redis.url = *persist::parse_redis_url(config.store).url;
  redis.prefix = config.store_prefix;
  redis.lease_ttl = std::chrono::milliseconds(config.lease_ttl_ms);
  redis.timeout = std::chrono::milliseconds(config.store_timeout_ms);
  (void)std::signal(SIGPIPE, SIG_IGN);
  return redis;
}

std::string error_text(const persist::RedisOptions& redis, const std::string& problem) {
  return problem.empty() ? "" : printable(fmt::format("{}: {}", redis.url.shown(), problem));
}

std::int64_t unix_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

ToolResult::Code code_of(const std::string& problem, bool faulty) {
  if (!problem.empty()) return ToolResult::Failed;
  return faulty ? ToolResult::Faulty : ToolResult::Fine;
}

}  // namespace

ToolResult inspect_store(const ConfigSources& sources, const ToolOptions& options) {
  const Config config = config_of(sources, options);
  const persist::RedisOptions redis = redis_options(config);
  const persist::Inspection found = persist::inspect(
      redis, [&config](const port::Snapshot& all) { return find_left_out(config, all); });
  const InspectReport report{redis.url.shown(), redis.prefix, &found, options.channels,
                             options.ghosts};
  const bool has_report = found.problem.empty() || options.json || found.schema || found.lease;
  return {!has_report    ? ""
          : options.json ? inspect_json(report)
                         : inspect_text(report),
          error_text(redis, found.problem), code_of(found.problem, !found.faults.empty())};
}

ToolResult collect_garbage(const ConfigSources& sources, const ToolOptions& options) {
  const persist::RedisOptions redis = redis_options(config_of(sources, options));
  persist::GcOptions gc_options;
  gc_options.dry_run = options.dry_run;
  gc_options.corrupt = options.corrupt;
  gc_options.now_ms = unix_ms();
  gc_options.on_wait = [](const std::string& text) { fmt::print(stderr, "signaller: {}\n", text); };
  const persist::GcResult result = persist::collect_garbage(redis, gc_options);
  const GcReport report{redis.url.shown(), redis.prefix, &result, options.dry_run, options.keys};
  const bool has_report = result.problem.empty() || options.json || result.removed > 0;
  const bool faulty = !result.plan.unreadable.empty() || !result.plan.unknown.empty();
  return {!has_report    ? ""
          : options.json ? gc_json(report)
                         : gc_text(report),
          error_text(redis, result.problem), code_of(result.problem, faulty)};
}

}  // namespace signaller
