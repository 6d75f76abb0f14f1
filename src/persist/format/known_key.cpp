#include "persist/format/known_key.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "persist/format/keys.hpp"

namespace signaller::persist {
namespace {

using NamedKind = std::pair<std::string_view, KeyKind>;

constexpr std::array SingleKeys{
    NamedKind{"schema", KeyKind::Header}, NamedKind{"key", KeyKind::Header},
    NamedKind{"lease", KeyKind::Header},  NamedKind{"filled", KeyKind::Header},
    NamedKind{"sealed", KeyKind::Header}, NamedKind{"bans", KeyKind::Bans},
    NamedKind{"audit", KeyKind::Audit},
};
constexpr std::array KeyFamilies{
    NamedKind{"peers", KeyKind::PeerIndex}, NamedKind{"channels", KeyKind::ChannelIndex},
    NamedKind{"peer", KeyKind::Peer},       NamedKind{"mail", KeyKind::Mail},
    NamedKind{"channel", KeyKind::Channel}, NamedKind{"standing", KeyKind::Standing},
    NamedKind{"log", KeyKind::Log},
};

bool is_hex(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

bool is_valid_name(KeyKind kind, std::string_view name) {
  switch (kind) {
    case KeyKind::PeerIndex:
    case KeyKind::ChannelIndex:
      return name.size() == 2 && is_hex(name);
    case KeyKind::Peer:
    case KeyKind::Mail:
      return is_hex(name);
    case KeyKind::Channel:
    case KeyKind::Standing:
    case KeyKind::Log:
      return name.size() > 1 && name.front() == '#' && folded(std::string(name)) == name;
    case KeyKind::Header:
    case KeyKind::Bans:
    case KeyKind::Audit:
      return name.empty();
  }
  return false;
}

}  // namespace

std::optional<KnownKey> parse_key(std::string_view prefix, std::string_view key) {
  if (key.substr(0, prefix.size()) != prefix) return std::nullopt;
  key.remove_prefix(prefix.size());
  for (const auto& [name, kind] : SingleKeys) {
    if (key == name) return KnownKey{kind, {}};
  }
  const std::size_t colon = key.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view name = key.substr(colon + 1);
  for (const auto& [family, kind] : KeyFamilies) {
    if (key.substr(0, colon) == family && is_valid_name(kind, name)) return KnownKey{kind, name};
  }
  return std::nullopt;
}

}  // namespace signaller::persist
