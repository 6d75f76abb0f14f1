// All that the slash protocol holds: one thread's, and no anonymous global anywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "commands/big_channels.hpp"
#include "commands/options.hpp"
#include "commands/saving.hpp"
#include "commands/session.hpp"
#include "commands/waiting.hpp"
#include "irc/world.hpp"
#include "port/keyed_hash.hpp"
#include "port/time.hpp"

namespace signaller::commands {

struct Core {
  Core(Options given, port::Random& source, const port::KeyedHash& keyed)
      : options(std::move(given)), random(source), hash(keyed) {}

  Options options;
  port::Random& random;
  const port::KeyedHash& hash;
  irc::World world;
  Sessions sessions;
  Waiting waiting;
  BigChannels big_channels;
  Saving saving;
  std::uint64_t messages = 0;           ///< with a msgid, since start
  std::optional<std::int64_t> wake_ms;  ///< the Wake that is out, steady

  /// Null if it is gone, or about to go.
  Session* find_session(port::ConnectionId id) {
    const auto found = sessions.find(id);
    return found == sessions.end() || found->second.closing ? nullptr : &found->second;
  }
  /// Node, boot and counter: never twice.
  std::string next_msgid();
};

}  // namespace signaller::commands
