// All keys under a prefix, reduced to what the garbage collector needs. Plain values.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "persist/format/keys.hpp"
#include "port/records.hpp"

namespace signaller::persist {

enum class KeyState : std::uint8_t {
  Valid,
  Corrupt,    ///< a server could not read the key
  WrongType,  ///< the key has a type that this server does not write
};

struct StoredPeer {
  KeyState state = KeyState::Valid;
  bool here = false;
  bool owned = false;
  bool inbox = false;
  std::uint64_t owner_generation = 0;
};

struct StoredChannel {
  KeyState state = KeyState::Valid;
  std::vector<std::string> members;  ///< ids of the members
};

/// A name in an index set.
struct IndexEntry {
  std::string index;  ///< key of the index set
  std::string name;   ///< any bytes are possible
};

/// An unreadable entry or field of a key. Other parts of the key may be valid.
struct CorruptPart {
  std::string key;
  std::string part;  ///< entry id or field name, any bytes
  Argv removal;
};

struct Keyspace {
  std::set<std::string> keys;     ///< all keys
  std::set<std::string> unknown;  ///< keys whose name or type this server never writes
  std::vector<IndexEntry> peer_index;
  std::vector<IndexEntry> channel_index;
  std::map<std::string, StoredPeer> peers;        ///< by peer id
  std::map<std::string, StoredChannel> channels;  ///< by folded channel name
  /// Channel records by folded channel name. Only their standings are used.
  std::map<std::string, port::ChannelRecord> standings;
  std::set<std::string> logs;         ///< folded names of channels with a log
  std::set<std::string> mail;         ///< ids of peers with mail
  std::vector<port::BanRecord> bans;  ///< server bans
  std::vector<CorruptPart> corrupt;
};

}  // namespace signaller::persist
