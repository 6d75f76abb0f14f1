// The protocols of the process: name, place and constructor of each one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/operations.hpp"
#include "config/load.hpp"
#include "irc/world.hpp"
#include "net/core/options.hpp"
#include "port/protocol.hpp"
#include "port/resources.hpp"

namespace signaller {

/// The listeners that serve a protocol on its default paths, unless `paths` in server.conf names
/// others.
enum class MountPlace : std::uint8_t {
  EveryListener,       ///< each listener without `paths`
  OnRequest,           ///< none: `paths` must name the protocol
  OperationsListener,  ///< the listener `operations` only
};

/// The parts that the application passes to the constructors of protocols. The application outlives
/// the protocols.
struct ProtocolParts {
  port::Resources resources;
  irc::World& world;
  const LoadedConfig& loaded;
  std::string boot;             ///< random value of this start of the server
  std::int64_t started_ms = 0;  ///< time of the start, steady clock
  bool durable = false;         ///< whether the store outlives the process
  Operations::Sources operations;
};

/// A protocol, and functions that the application calls besides those of port::Protocol. The
/// functions may be empty. Each may be a std::function, because it is called only once for each
/// reload or start.
struct MadeProtocol {
  std::unique_ptr<port::Protocol> protocol;
  /// Takes the options of a configuration that was read again.
  std::function<void(const LoadedConfig& fresh)> reload{};
  /// Returns a log line: how many stored peers, channels and so on were loaded.
  std::function<std::string()> restored_text{};
};

/// A line of protocols.def.
struct ProtocolEntry {
  std::string_view name;
  std::string_view summary;
  MountPlace place;
  std::vector<port::Endpoint> (*paths)();
  MadeProtocol (*make)(const ProtocolParts& parts);
};

/// All protocols, in the order of protocols.def. Any thread may call it.
const std::vector<ProtocolEntry>& protocol_table();

/// Every endpoint of the protocols with this place, under its default path.
std::vector<net::Mount> mounts_of(MountPlace place);

}  // namespace signaller
