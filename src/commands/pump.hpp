// A long reply is written in pieces, as its reader takes them: the server's own answer must not
// make a reader too slow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "irc/object_id.hpp"
#include "port/effects.hpp"

namespace signaller::commands {

class Context;
struct Command;
struct Pump;

/// Adds the next piece to the effects; true if it was the last. A pointer to a function in the
/// verb's file: what it needs stands in the Pump.
using PumpStep = bool (*)(Context&, Pump&, port::Effects&);

/// Bytes of lines in one piece, roughly.
constexpr std::size_t PumpBytes = std::size_t{16} * 1024;
constexpr std::uint64_t NoLimit = std::numeric_limits<std::uint64_t>::max();

/// Where a long reply stands. It holds names, never pointers: between two pieces members come
/// and go, and the channel may vanish.
struct Pump {
  PumpStep step = nullptr;
  std::string name;                  ///< of the channel; /list: the last one shown, folded
  std::string prefix;                ///< /list: folded
  std::optional<irc::PeerId> after;  ///< the last member shown
  std::uint64_t left = NoLimit;      ///< items to show yet
  std::uint64_t shown = 0;
  bool ranks_only = false;

  // Filled in by the gate, to end the reply as it began.
  const Command* command = nullptr;
  std::string label;
  std::string target;  ///< of the ACK
};

}  // namespace signaller::commands
