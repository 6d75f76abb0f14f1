// A described peer. Only the world and its parts change it; all others read it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "irc/caps.hpp"
#include "irc/forms.hpp"
#include "irc/history/inbox.hpp"
#include "irc/history/label_cache.hpp"
#include "irc/text/object_id.hpp"
#include "port/ids.hpp"
#include "port/keyed_hash.hpp"

namespace signaller::irc {

class Channel;
class JsonWriter;

/// The description of a peer; an empty string: not given.
struct Profile {
  std::string nick;
  std::string name;
  std::string info;  ///< a compact JSON object

  friend bool operator==(const Profile& a, const Profile& b) {
    return a.nick == b.nick && a.name == b.name && a.info == b.info;
  }
};

/// The connection of a peer, and the capabilities that the client requested on it.
struct Attachment {
  port::ConnectionId connection;
  Caps caps;
};

/// From whom a peer accepts private messages: all peers, peers in a common channel, or no peer.
enum class DirectMessages : std::uint8_t { Anyone, Shared, None };
std::string_view direct_messages_text(DirectMessages from);

/// Blocked id → number of its messages that were discarded.
using Blocks = std::map<PeerId, std::uint64_t>;

/// The state of a peer that an identity keeps after the session. Changed through World::edit only.
struct PeerState {
  std::optional<std::string> away;
  Blocks blocks;
  DirectMessages direct_messages = DirectMessages::Anyone;
  std::int64_t resume_ms = 60'000;  ///< how long the session outlives a lost connection
};

/// The right to use an id.
struct Claim {
  port::Digest secret{};  ///< keyed hash of the secret that proves the claim
  bool owned = false;     ///< whether the id stays reserved when the session ends
  /// Different for each owner that the id has had: a rank belongs to one generation.
  std::uint64_t owner_generation = 0;
};

class Peer {
 public:
  Peer(PeerId id, Attachment attach, Claim claim) : id_(id), attachment_(attach), claim_(claim) {}
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  [[nodiscard]] const PeerId& id() const { return id_; }
  [[nodiscard]] const Profile& profile() const { return profile_; }
  [[nodiscard]] const std::string& nick() const { return profile_.nick; }
  [[nodiscard]] const std::string& name() const { return profile_.name; }
  [[nodiscard]] const std::optional<std::string>& away() const { return state_.away; }
  [[nodiscard]] const PeerState& state() const { return state_; }
  [[nodiscard]] const Claim& claim() const { return claim_; }
  /// False: the peer is suspended. Its connection is lost, and the client may resume the session.
  [[nodiscard]] bool is_live() const { return attachment_.connection.valid(); }
  [[nodiscard]] bool has_blocked(const PeerId& id) const { return state_.blocks.count(id) != 0; }
  /// The connection; invalid while the peer is suspended.
  [[nodiscard]] port::ConnectionId connection() const { return attachment_.connection; }
  [[nodiscard]] const Caps& caps() const { return attachment_.caps; }
  [[nodiscard]] port::Form form() const { return attachment_.caps.tags ? TaggedForm : PlainForm; }
  /// The channels, in the order of joining.
  [[nodiscard]] const std::vector<Channel*>& channels() const { return channels_; }
  [[nodiscard]] bool is_in(const Channel& channel) const;
  /// Times are Unix milliseconds.
  [[nodiscard]] std::int64_t created_ms() const { return created_ms_; }
  [[nodiscard]] std::int64_t updated_ms() const { return updated_ms_; }
  /// The time when the peer last sent a message.
  [[nodiscard]] std::int64_t talked_ms() const { return talked_ms_; }
  /// The epoch of private messages to the peer. Each session has its own epoch.
  [[nodiscard]] std::uint32_t inbox_epoch() const { return inbox_epoch_; }
  [[nodiscard]] std::uint64_t inbox_seq() const { return inbox_seq_; }
  /// As Channel::sequence_gap, for private messages.
  [[nodiscard]] std::uint64_t inbox_sequence_gap() const { return inbox_sequence_gap_; }
  /// The inbox; null: no private message is kept.
  [[nodiscard]] const Inbox* inbox() const { return inbox_.get(); }
  /// The labels; null: the peer has not labelled a message yet.
  [[nodiscard]] const LabelCache* label_cache() const { return label_cache_.get(); }

 private:
  friend class World;
  friend class WorldLoader;
  friend class ChangeLog;
  friend class Mailboxes;

  PeerId id_;
  Attachment attachment_;
  Profile profile_;
  Claim claim_;
  PeerState state_;
  std::unique_ptr<Inbox> inbox_;
  std::unique_ptr<LabelCache> label_cache_;
  std::vector<Channel*> channels_;
  std::int64_t created_ms_ = 0;
  std::int64_t updated_ms_ = 0;
  std::int64_t talked_ms_ = 0;
  std::uint64_t inbox_seq_ = 0;
  /// The highest message number that is reserved in the store; inbox_seq_ is never above it.
  std::uint64_t inbox_reserved_ = 0;
  std::uint64_t inbox_sequence_gap_ = 0;  ///< messages up to this number may be missing
  std::uint64_t inbox_handed_ = 0;  ///< private messages up to this number have been handed out
  std::uint32_t inbox_epoch_ = 0;
  bool mail_scheduled_ = false;  ///< the inbox is scheduled to expire
  bool stored_ = false;          ///< the store has a record under the id, or may have one
  /// The stored record is of this peer, not of an earlier peer with the same id.
  bool confirmed_ = false;
};

/// `live` or `suspended`.
std::string_view state_text(const Peer& peer);
/// The public values: `{"id","nick","name","info"}`, compact; null for an empty nick or name.
std::string public_json(const Peer& peer);
/// The members of `public_json`.
void append_public(JsonWriter& json, const Peer& peer);
/// As `public_json`, with `ctime`, `utime` and `state`.
std::string whois_json(const Peer& peer);

}  // namespace signaller::irc
