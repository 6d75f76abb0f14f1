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
    Meaning{"NOAUTH", "Redis wants a password and none is configured"},
    Meaning{"WRONGPASS", "Redis does not accept the user or the password"},
    Meaning{"NOPERM", "Redis does not let this user do what the server needs"},
    Meaning{"READONLY", "this Redis is a replica and takes no writes"},
    Meaning{"LOADING", "Redis is still loading its data"},
    Meaning{"OOM", "Redis is out of memory (maxmemory)"},
    Meaning{"MISCONF", "Redis cannot write its own files and therefore takes no writes"},
    Meaning{"NOREPLICAS", "Redis has fewer replicas than it was told to wait for"},
    Meaning{"MASTERDOWN", "this Redis is a replica that has lost its master"},
    Meaning{"MOVED", "this Redis is a part of a cluster, which is not supported"},
    Meaning{"BUSY", "Redis is busy with somebody's script"},
    Meaning{"ERR unknown command", "this Redis lacks a command that the server needs"},
    Meaning{"ERR max number of clients", "Redis has no room for another client (maxclients)"},
    Meaning{"ERR AUTH <password> called without", "a password is configured and Redis has none"},
};

}  // namespace

std::string explain(std::string_view error) {
  // Of a transaction that is discarded the reason matters.
  constexpr std::string_view Discarded = "EXECABORT Transaction discarded because of: ";
  if (starts_with(error, Discarded)) error.remove_prefix(Discarded.size());
  for (const auto& [kind, meaning] : Meanings) {
    if (starts_with(error, kind)) {
      return fmt::format("{} ({})", meaning, printable(error));
    }
  }
  return fmt::format("Redis refuses ({})", printable(error));
}

bool is_of_command(std::string_view error) {
  return starts_with(error, "ERR ") && !starts_with(error, "ERR unknown command");
}

}  // namespace signaller::persist
