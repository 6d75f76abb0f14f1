// A described peer. Others read it; only the World changes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "irc/caps.hpp"
#include "irc/line.hpp"
#include "irc/object_id.hpp"
#include "port/ids.hpp"

namespace signaller::irc {

class Channel;
class JsonWriter;

/// What a peer says of itself; empty: it has none.
struct Profile {
  std::string nick;
  std::string name;
  std::string info;  ///< a compact JSON object
};

/// Where a peer sits, and what it wants to be sent.
struct Seat {
  port::ConnectionId connection;
  Caps caps;
};

class Peer {
 public:
  Peer(PeerId id, Seat seat) : id_(id), seat_(seat) {}
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  [[nodiscard]] const PeerId& id() const { return id_; }
  [[nodiscard]] const Profile& profile() const { return profile_; }
  [[nodiscard]] const std::string& nick() const { return profile_.nick; }
  [[nodiscard]] const std::string& name() const { return profile_.name; }
  [[nodiscard]] const std::optional<std::string>& away() const { return away_; }
  [[nodiscard]] port::ConnectionId connection() const { return seat_.connection; }
  [[nodiscard]] const Caps& caps() const { return seat_.caps; }
  [[nodiscard]] port::Form form() const { return seat_.caps.tags ? TaggedForm : PlainForm; }
  /// In the order of joining.
  [[nodiscard]] const std::vector<Channel*>& channels() const { return channels_; }
  [[nodiscard]] bool is_in(const Channel& channel) const;
  /// Times are Unix milliseconds.
  [[nodiscard]] std::int64_t created_ms() const { return created_ms_; }
  [[nodiscard]] std::int64_t updated_ms() const { return updated_ms_; }
  /// When it last said something to somebody.
  [[nodiscard]] std::int64_t talked_ms() const { return talked_ms_; }
  /// The sequence of what it was told privately; the epoch is new with each session.
  [[nodiscard]] std::uint32_t inbox_epoch() const { return inbox_epoch_; }
  [[nodiscard]] std::uint64_t inbox_seq() const { return inbox_seq_; }

 private:
  friend class World;

  PeerId id_;
  Seat seat_;
  Profile profile_;
  std::optional<std::string> away_;
  std::vector<Channel*> channels_;
  std::int64_t created_ms_ = 0;
  std::int64_t updated_ms_ = 0;
  std::int64_t talked_ms_ = 0;
  std::uint64_t inbox_seq_ = 0;
  std::uint32_t inbox_epoch_ = 0;
};

/// What anybody may know: `{"id","nick","name","info"}`, compact; null where there is none.
std::string public_json(const Peer& peer);
/// The members of `public_json`.
void append_public(JsonWriter& json, const Peer& peer);
/// As `public_json`, with `ctime`, `utime` and `state`.
std::string whois_json(const Peer& peer);

}  // namespace signaller::irc
