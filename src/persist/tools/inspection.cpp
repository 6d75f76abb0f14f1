#include "persist/tools/inspection.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "persist/format/keys.hpp"
#include "persist/format/load_warnings.hpp"
#include "persist/format/value_parser.hpp"
#include "persist/redis/loader.hpp"

namespace signaller::persist {
namespace {

std::uint64_t number_of(std::string_view info, std::string_view name) {
  std::uint64_t value = 0;
  return read_number(info_value(info, name), value) ? value : 0;
}

bool read_info(ToolConnection& connection, Inspection& out) {
  return connection.query({"INFO", "memory"}, [&out](const RedisReply& reply) {
    out.redis_memory = number_of(reply.text(), "used_memory");
    out.redis_maxmemory = number_of(reply.text(), "maxmemory");
  }) && connection.query({"INFO", "server"}, [&out](const RedisReply& reply) {
    out.redis_version = info_value(reply.text(), "redis_version");
  });
}

bool read_header(ToolConnection& connection, const Keys& keys, Inspection& out) {
  const auto get = [&connection](const std::string& key, std::optional<std::string>& into) {
    return connection.query({"GET", key}, [&into](const RedisReply& reply) {
      if (!reply.nil()) into = reply.text();
    });
  };
  std::optional<std::string> sealed;
  const bool read = get(keys.schema(), out.schema) && get(keys.key(), out.fingerprint) &&
                    get(keys.filled(), out.filled) && get(keys.sealed(), sealed);
  out.sealed = sealed == "1";
  return read;
}

/// Loads all records, and lists those that a server would leave out.
bool read_all(ToolConnection& connection, RedisOptions options, const RestoreCheck& check,
              Inspection& out) {
  const Keys keys(options.prefix);
  options.key_fingerprint.clear();  // accepts a store with any secret key
  std::optional<LoadedStore> loaded;
  Loader loader(connection.link(), options, keys,
                [&loaded](LoadedStore all) { loaded = std::move(all); });
  loader.start();
  if (!connection.run_until([&loaded] { return loaded.has_value(); })) return false;
  connection.fail(loaded->problem);
  connection.fail(loaded->restored.error);
  if (!connection.problem().empty()) return false;
  out.snapshot = std::move(loaded->restored.snapshot);
  out.faults = std::move(loaded->restored.skipped);
  for (const auto& line : check(out.snapshot))
    out.faults.push_back(printable(options.prefix) + line);
  return true;
}

/// Reads again and keeps the faults that both reads found. While a server writes, related keys are
/// read at different times, so one read may find false faults.
bool read_twice(ToolConnection& connection, const RedisOptions& options, const RestoreCheck& check,
                Inspection& out) {
  const std::set<std::string> before(out.faults.begin(), out.faults.end());
  if (!read_all(connection, options, check, out)) return false;
  auto& faults = out.faults;
  faults.erase(
      std::remove_if(faults.begin(), faults.end(),
                     [&before](const std::string& line) { return before.count(line) == 0; }),
      faults.end());
  return true;
}

bool read(ToolConnection& connection, const RedisOptions& options, const RestoreCheck& check,
          Inspection& out) {
  const Keys keys(options.prefix);
  if (!connection.connect()) return false;
  out.warnings = connection.handshake().warnings;
  if (!read_info(connection, out) || !read_lease(connection, keys, out.lease)) return false;
  if (!read_header(connection, keys, out) || !read_all(connection, options, check, out))
    return false;
  return out.faults.empty() || !out.lease || read_twice(connection, options, check, out);
}

}  // namespace

Inspection inspect(const RedisOptions& options, const RestoreCheck& check) {
  Inspection out;
  ToolConnection connection(options, "signaller-inspect");
  if (!read(connection, options, check, out)) out.problem = connection.problem();
  return out;
}

}  // namespace signaller::persist
