// A described peer. Others read it; only the World changes it.
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

/// What a peer says of itself; empty: it has none.
struct Profile {
  std::string nick;
  std::string name;
  std::string info;  ///< a compact JSON object

  friend bool operator==(const Profile& a, const Profile& b) {
    return a.nick == b.nick && a.name == b.name && a.info == b.info;
  }
};

/// Where a peer sits, and what it wants to be sent.
struct Attachment {
  port::ConnectionId connection;
  Caps caps;
};

/// From whom a peer takes private messages.
enum class DirectMessages : std::uint8_t { Anyone, Shared, None };
std::string_view direct_messages_text(DirectMessages from);

/// Blocked ids, and how many messages of theirs were swallowed.
using Blocks = std::map<PeerId, std::uint64_t>;

/// What of a peer touches nobody else. Edited through World::edit only.
struct PeerState {
  std::optional<std::string> away;
  Blocks blocks;
  DirectMessages direct_messages = DirectMessages::Anyone;
  std::int64_t resume_ms = 60'000;  ///< how long the session outlives its connection
};

/// Who may have an id.
struct Claim {
  port::Digest secret{};  ///< keyed hash
  bool owned = false;     ///< the id stays with the secret when the session has ended
  std::uint64_t owner_generation =
      0;  ///< differs for each who has had the id: ranks belong to a tenure
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
  /// False: suspended, its connection is lost and may come back.
  [[nodiscard]] bool is_live() const { return attachment_.connection.valid(); }
  [[nodiscard]] bool has_blocked(const PeerId& id) const { return state_.blocks.count(id) != 0; }
  /// Invalid while it is suspended.
  [[nodiscard]] port::ConnectionId connection() const { return attachment_.connection; }
  [[nodiscard]] const Caps& caps() const { return attachment_.caps; }
  [[nodiscard]] port::Form form() const { return attachment_.caps.tags ? TaggedForm : PlainForm; }
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
  /// As Channel::leap.
  [[nodiscard]] std::uint64_t inbox_sequence_gap() const { return inbox_sequence_gap_; }
  /// Null: it has been told nothing privately for a while.
  [[nodiscard]] const Inbox* inbox() const { return inbox_.get(); }
  /// Null: it has labelled no message yet.
  [[nodiscard]] const LabelCache* label_cache() const { return label_cache_.get(); }

 private:
  friend class World;
  friend class WorldLoader;

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
  std::uint64_t inbox_reserved_ = 0;      ///< to be stored; inbox_seq_ does not get above it
  std::uint64_t inbox_sequence_gap_ = 0;  ///< numbers up to this one may be missing
  std::uint64_t inbox_handed_ = 0;        ///< mail up to this number has been handed out
  std::uint32_t inbox_epoch_ = 0;
  bool mail_filed_ = false;  ///< the world will look after its inbox
  bool stored_ = false;      ///< as Identity::stored
  bool confirmed_ = false;   ///< what the store has is this peer
};

/// `live` or `suspended`.
std::string_view state_text(const Peer& peer);
/// What anybody may know: `{"id","nick","name","info"}`, compact; null where there is none.
std::string public_json(const Peer& peer);
/// The members of `public_json`.
void append_public(JsonWriter& json, const Peer& peer);
/// As `public_json`, with `ctime`, `utime` and `state`.
std::string whois_json(const Peer& peer);

}  // namespace signaller::irc
