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

bool read_info(RedisVisit& visit, Inspection& out) {
  return visit.ask({"INFO", "memory"}, [&out](const RedisReply& reply) {
    out.redis_memory = number_of(reply.text(), "used_memory");
    out.redis_most_memory = number_of(reply.text(), "maxmemory");
  }) && visit.ask({"INFO", "server"}, [&out](const RedisReply& reply) {
    out.redis_version = info_value(reply.text(), "redis_version");
  });
}

bool read_header(RedisVisit& visit, const Keys& keys, Inspection& out) {
  const auto get = [&visit](const std::string& key, std::optional<std::string>& into) {
    return visit.ask({"GET", key}, [&into](const RedisReply& reply) {
      if (!reply.nil()) into = reply.text();
    });
  };
  std::optional<std::string> sealed;
  const bool read = get(keys.schema(), out.schema) && get(keys.key(), out.fingerprint) &&
                    get(keys.filled(), out.filled) && get(keys.sealed(), sealed);
  out.sealed = sealed == "1";
  return read;
}

/// All that a server would load, and what it would leave out.
bool read_all(RedisVisit& visit, RedisOptions options, const Judge& judge, Inspection& out) {
  const Keys keys(options.prefix);
  options.key_fingerprint.clear();  // whoever has the key: it may be looked at
  std::optional<LoadedStore> loaded;
  Loader loader(visit.link(), options, keys,
                [&loaded](LoadedStore all) { loaded = std::move(all); });
  loader.start();
  if (!visit.until([&loaded] { return loaded.has_value(); })) return false;
  visit.give_up(loaded->problem);
  visit.give_up(loaded->restored.error);
  if (!visit.problem().empty()) return false;
  out.snapshot = std::move(loaded->restored.snapshot);
  out.faults = std::move(loaded->restored.skipped);
  for (const auto& line : judge(out.snapshot))
    out.faults.push_back(printable(options.prefix) + line);
  return true;
}

/// While a server writes, what belongs together is read at different times. What is really at fault
/// is so a moment later as well.
bool read_twice(RedisVisit& visit, const RedisOptions& options, const Judge& judge,
                Inspection& out) {
  const std::set<std::string> before(out.faults.begin(), out.faults.end());
  if (!read_all(visit, options, judge, out)) return false;
  auto& faults = out.faults;
  faults.erase(
      std::remove_if(faults.begin(), faults.end(),
                     [&before](const std::string& line) { return before.count(line) == 0; }),
      faults.end());
  return true;
}

bool read(RedisVisit& visit, const RedisOptions& options, const Judge& judge, Inspection& out) {
  const Keys keys(options.prefix);
  if (!visit.begin()) return false;
  out.warnings = visit.handshake().warnings;
  if (!read_info(visit, out) || !look_at_lease(visit, keys, out.lease)) return false;
  if (!read_header(visit, keys, out) || !read_all(visit, options, judge, out)) return false;
  return out.faults.empty() || !out.lease || read_twice(visit, options, judge, out);
}

}  // namespace

Inspection inspect(const RedisOptions& options, const Judge& judge) {
  Inspection out;
  RedisVisit visit(options, "signaller-inspect");
  if (!read(visit, options, judge, out)) out.problem = visit.problem();
  return out;
}

}  // namespace signaller::persist
