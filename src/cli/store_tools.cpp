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

/// That of a server with these sources, but for what `options` say.
Config config_of(const ConfigSources& sources, const ToolOptions& options) {
  Config config = load_settings(sources).config;
  if (config.store == "memory") {
    throw std::runtime_error(
        "the store is \"memory\", which nobody else can look into; --store redis://… names one");
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

ToolEnd::Code code_of(const std::string& problem, bool faulty) {
  if (!problem.empty()) return ToolEnd::Failed;
  return faulty ? ToolEnd::Faulty : ToolEnd::Fine;
}

}  // namespace

ToolEnd inspect_store(const ConfigSources& sources, const ToolOptions& options) {
  const Config config = config_of(sources, options);
  const persist::RedisOptions redis = redis_options(config);
  const persist::Inspection found = persist::inspect(
      redis, [&config](const port::Snapshot& all) { return not_restorable(config, all); });
  const InspectReport report{redis.url.shown(), redis.prefix, &found, options.channels,
                             options.ghosts};
  const bool told = found.problem.empty() || options.json || found.schema || found.lease;
  return {!told          ? ""
          : options.json ? inspect_json(report)
                         : inspect_text(report),
          error_text(redis, found.problem), code_of(found.problem, !found.faults.empty())};
}

ToolEnd collect_garbage(const ConfigSources& sources, const ToolOptions& options) {
  const persist::RedisOptions redis = redis_options(config_of(sources, options));
  persist::GcOptions how;
  how.dry_run = options.dry_run;
  how.corrupt = options.corrupt;
  how.now_ms = unix_ms();
  how.on_wait = [](const std::string& text) { fmt::print(stderr, "signaller: {}\n", text); };
  const persist::GcResult done = persist::collect_garbage(redis, how);
  const GcReport report{redis.url.shown(), redis.prefix, &done, options.dry_run, options.keys};
  const bool told = done.problem.empty() || options.json || done.removed > 0;
  const bool faulty = !done.plan.left.empty() || !done.plan.unknown.empty();
  return {!told          ? ""
          : options.json ? gc_json(report)
                         : gc_text(report),
          error_text(redis, done.problem), code_of(done.problem, faulty)};
}

}  // namespace signaller
