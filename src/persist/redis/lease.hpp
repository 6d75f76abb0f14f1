// The lease: a key with a time to live whose value names the only process that may write.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaller::persist {

/// A process in the notation of the lease: `<boot> <host> <pid> <start> <place>`.
struct LeaseHolder {
  std::string boot;      ///< random, new for each start of the server
  std::string host;      ///< host name, for messages
  std::int64_t pid = 0;  ///< process id in the pid namespace of the process
  /// start time of the process in clock ticks since machine boot (proc(5))
  std::uint64_t start = 0;
  /// Machine boot id and pid namespace. `pid` is meaningful only in the same place. Where one of
  /// them cannot be read, no holder is known to have ended, and its lease's time is waited for.
  std::string place;

  [[nodiscard]] std::string text() const;
};

/// Describes this process. Reads /proc.
LeaseHolder this_process(std::string boot);
std::optional<LeaseHolder> parse_holder(std::string_view token);

/// The holder as shown in log lines: `process 123 on host`, or the quoted token if it is malformed.
std::string shown_holder(std::string_view token);

/// State of a holder, as seen by a process at `here`.
enum class HolderState : std::uint8_t {
  Alive,    ///< the process runs on this machine
  Dead,     ///< the process ran on this machine and has ended
  Unknown,  ///< the process runs elsewhere or is not visible
};
HolderState state_of_holder(const LeaseHolder& holder, const LeaseHolder& here);
/// True if the holder is known to have ended.
inline bool has_died(const LeaseHolder& holder, const LeaseHolder& here) {
  return state_of_holder(holder, here) == HolderState::Dead;
}

/// The lease that this process holds or wants.
struct Lease {
  std::string key;
  LeaseHolder holder;
  std::string token;  ///< value of the key: `holder.text()`
  std::chrono::milliseconds ttl;
};

}  // namespace signaller::persist
