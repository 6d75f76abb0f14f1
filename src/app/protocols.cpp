#include "app/protocols.hpp"

#include <type_traits>
#include <utility>

#include "commands/slash_protocol.hpp"
#include "echo/echo_protocol.hpp"

namespace signaller {
namespace {

/// Constructs a protocol without options from the arguments that its constructor takes: world and
/// resources, resources alone, or nothing.
template <class P>
MadeProtocol make(const ProtocolParts& parts) {
  if constexpr (std::is_constructible_v<P, const port::Resources&, irc::World&>) {
    return {std::make_unique<P>(parts.resources, parts.world)};
  } else if constexpr (std::is_constructible_v<P, const port::Resources&>) {
    return {std::make_unique<P>(parts.resources)};
  } else {
    return {std::make_unique<P>()};
  }
}

// Each protocol with options has a specialisation of `make`.

commands::Options slash_options(const ProtocolParts& parts, const LoadedConfig& loaded) {
  commands::Options options = loaded.config.slash;
  options.password = loaded.secrets.password;
  options.operators = loaded.secrets.operators;
  options.version = SIGNALLER_VERSION;
  options.boot = parts.boot;
  options.started_ms = parts.started_ms;
  options.durable = parts.durable;
  for (const std::string& proxy : loaded.config.net.admission.trusted_proxies) {
    if (const auto range = port::AddressRange::parse(proxy))
      options.trusted_proxies.push_back(*range);
  }
  return options;
}

template <>
MadeProtocol make<commands::SlashProtocol>(const ProtocolParts& parts) {
  auto protocol = std::make_unique<commands::SlashProtocol>(slash_options(parts, parts.loaded),
                                                            parts.resources, parts.world);
  commands::SlashProtocol* const slash = protocol.get();
  return {std::move(protocol),
          [slash, parts](const LoadedConfig& fresh) { slash->reload(slash_options(parts, fresh)); },
          [slash] { return slash->restored_text(); }};
}

template <>
MadeProtocol make<Operations>(const ProtocolParts& parts) {
  return {std::make_unique<Operations>(parts.operations)};
}

}  // namespace

const std::vector<ProtocolEntry>& protocol_table() {
  static const std::vector<ProtocolEntry> table{
#define PROTOCOL(name, Class, place, summary) \
  {#name, summary, MountPlace::place, Class::paths, make<Class>},
#include "app/protocols.def"
#undef PROTOCOL
  };
  return table;
}

std::vector<net::Mount> mounts_of(MountPlace place) {
  std::vector<net::Mount> mounts;
  for (const ProtocolEntry& entry : protocol_table()) {
    if (entry.place != place) continue;
    for (const port::Endpoint& endpoint : entry.paths()) {
      mounts.push_back({std::string(endpoint.path), std::string(endpoint.name)});
    }
  }
  return mounts;
}

}  // namespace signaller
