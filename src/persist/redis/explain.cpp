#include "persist/redis/explain.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "persist/format/load_warnings.hpp"
#include "persist/format/value_parser.hpp"

namespace signaller::persist {
namespace {

using Meaning = std::pair<std::string_view, std::string_view>;

constexpr std::array Meanings{
    Meaning{"NOAUTH", "Redis requires a password, but the URL of the store contains none"},
    Meaning{"WRONGPASS", "Redis rejects the user or the password"},
    Meaning{"NOPERM", "this Redis user lacks a permission that the server needs"},
    Meaning{"READONLY", "this Redis is a read-only replica"},
    Meaning{"LOADING", "Redis is still loading its data"},
    Meaning{"OOM", "Redis is out of memory (maxmemory)"},
    Meaning{"MISCONF", "Redis cannot save its data to disk and refuses writes"},
    Meaning{"NOREPLICAS", "Redis has fewer replicas than min-replicas-to-write requires"},
    Meaning{"MASTERDOWN", "this Redis is a replica without a connection to its primary"},
    Meaning{"MOVED", "this Redis is a cluster node, and clusters are not supported"},
    Meaning{"BUSY", "Redis is busy with a script of another client"},
    Meaning{"ERR unknown command", "this Redis lacks a command that the server needs"},
    Meaning{"ERR max number of clients", "Redis accepts no further client (maxclients)"},
    Meaning{"ERR AUTH <password> called without",
            "the URL of the store contains a password, but Redis has none"},
};

}  // namespace

std::string explain(std::string_view error) {
  // The error of a discarded transaction begins with this text, followed by the reason. Only the
  // reason is explained.
  constexpr std::string_view Discarded = "EXECABORT Transaction discarded because of: ";
  if (starts_with(error, Discarded)) error.remove_prefix(Discarded.size());
  for (const auto& [kind, meaning] : Meanings) {
    if (starts_with(error, kind)) {
      return fmt::format("{} ({})", meaning, printable(error));
    }
  }
  return fmt::format("Redis returned an error ({})", printable(error));
}

bool is_of_command(std::string_view error) {
  return starts_with(error, "ERR ") && !starts_with(error, "ERR unknown command");
}

}  // namespace signaller::persist
