// What lies below a prefix, as far as one has to know it to tell what nobody can reach. Values.
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
  Sound,
  Corrupt,  ///< a server could not read it
  Foreign,  ///< a key of another type: not ours, whatever its name
};

struct PeerFound {
  KeyState state = KeyState::Sound;
  bool here = false;
  bool owned = false;
  bool inbox = false;
  std::uint64_t owner_generation = 0;
};

struct ChannelFound {
  KeyState state = KeyState::Sound;
  std::vector<std::string> members;  ///< their ids
};

/// A name in an index.
struct Listing {
  std::string index;  ///< the key
  std::string name;   ///< any bytes
};

/// What cannot be read: an entry or a field of a key whose rest may be good.
struct CorruptPart {
  std::string key;
  std::string part;  ///< its name, any bytes
  Argv removal;
};

struct Keyspace {
  std::set<std::string> keys;     ///< all that there are, whole
  std::set<std::string> unknown;  ///< keys of names or types that are not ours
  std::vector<Listing> listed_peers;
  std::vector<Listing> listed_channels;
  std::map<std::string, PeerFound> peers;                ///< by id
  std::map<std::string, ChannelFound> channels;          ///< by folded name
  std::map<std::string, port::ChannelRecord> standings;  ///< likewise; only the standings of it
  std::set<std::string> logs;                            ///< of channels, folded
  std::set<std::string> mail;                            ///< of peers
  std::vector<port::BanRecord> bans;                     ///< of the server
  std::vector<CorruptPart> corrupt;
};

}  // namespace signaller::persist
