// The lease: which server may write. One key with a time to live, whose value says who has it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaller::persist {

/// A server process, as the lease names it: `<boot> <host> <pid> <start> <place>`.
struct LeaseHolder {
  std::string boot;         ///< another one after each start
  std::string host;         ///< its name, for people
  std::int64_t pid = 0;     ///< in its own name space of pids
  std::uint64_t start = 0;  ///< of the process: clock ticks since the machine's boot (proc(5))
  /// Machine, its boot, and name space of pids: only there the pid says something.
  std::string place;

  [[nodiscard]] std::string text() const;
};

/// This process. Reads /proc.
LeaseHolder this_process(std::string boot);
std::optional<LeaseHolder> parse_holder(std::string_view token);

/// Who has a lease, for people: `process 123 on host`, or the token itself if it is not of the
/// form.
std::string shown_holder(std::string_view token);

/// What can be told of a holder from where `here` runs.
enum class HolderState : std::uint8_t {
  Alive,    ///< there is such a process here
  Dead,     ///< it ran here, and there is no such process any more
  Unknown,  ///< it runs elsewhere, or nothing may be seen of it
};
HolderState state_of_holder(const LeaseHolder& holder, const LeaseHolder& here);
/// Whether a holder is known to have died.
inline bool has_died(const LeaseHolder& holder, const LeaseHolder& here) {
  return state_of_holder(holder, here) == HolderState::Dead;
}

/// Our claim on a store.
struct Lease {
  std::string key;
  LeaseHolder holder;
  std::string token;  ///< the holder's text
  std::chrono::milliseconds ttl;
};

}  // namespace signaller::persist
