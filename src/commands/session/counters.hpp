// Counters of the protocol since the start. A Command is constant, so it does not hold its
// counters.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>

namespace signaller::commands {

struct Command;

enum class MessageKind : std::uint8_t { Channel, Private, Broadcast };

struct Counters {
  std::array<std::uint64_t, 3> messages{};  ///< number of messages with a msgid, by MessageKind
  /// Number of lines with each command, refused or not.
  std::unordered_map<const Command*, std::uint64_t> commands;
  /// Number of refusals, by numeric or code.
  std::unordered_map<std::string_view, std::uint64_t> refused;
  std::uint64_t refusals = 0;  ///< the sum of `refused`

  void refuse(std::string_view code) {
    ++refused[code];
    ++refusals;
  }
};

}  // namespace signaller::commands
