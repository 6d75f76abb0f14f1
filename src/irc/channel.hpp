// A channel and its members. Others read it; only the World changes it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "irc/history/message_log.hpp"
#include "irc/line.hpp"
#include "irc/modes.hpp"
#include "irc/text/names.hpp"
#include "irc/text/object_id.hpp"
#include "port/bucket.hpp"
#include "port/ids.hpp"
#include "port/keyed_hash.hpp"

namespace signaller::irc {

class Peer;

enum class Rank : std::uint8_t { None, Voice, Operator };
/// As in 353: `@`, `+` or nothing.
std::string_view rank_sign(Rank rank);

struct Member {
  Peer* peer;
  Rank rank = Rank::None;
  bool stored = false;  ///< the store has it, or may have
};

/// Times are Unix milliseconds; `until_ms` 0: for ever.
struct Ban {
  PeerId by;
  std::string reason;
  std::int64_t set_ms = 0;
  std::int64_t until_ms = 0;
};
/// Whether a time that something lasts until is over.
constexpr bool is_over(std::int64_t until_ms, std::int64_t now_ms) {
  return until_ms != 0 && until_ms <= now_ms;
}

/// The rank of an owned id that is not in the channel: it returns on joining, to the same owner.
struct KeptRank {
  Rank rank = Rank::None;
  std::uint64_t owner_generation = 0;
};

/// It is of the peer that was meant, not of whoever describes the id later.
struct Invitation {
  std::int64_t until_ms = 0;
  std::uint64_t owner_generation = 0;
};

/// What /descp says of a channel; empty: nothing.
struct ChannelProfile {
  std::string name;
  std::string descp;
  std::string info;  ///< a compact JSON object
};

/// What of a channel touches nobody's membership. Edited through World::edit only.
struct ChannelState {
  std::string topic;
  std::optional<port::Digest> token;  ///< what /join must bring
  Modes modes;
  ChannelProfile profile;
  std::map<PeerId, Ban> bans;
  std::map<PeerId, std::int64_t> mutes;  ///< until when
  std::map<PeerId, Invitation> invites;  ///< each is used once
  std::map<PeerId, KeptRank> kept;       ///< none of them is a member
  std::uint64_t creator_generation =
      0;  ///< whose right it is to be operator on joining; 0: nobody's
};

class Channel {
 public:
  /// Ordered by id, so that a list can go on after one.
  using Members = std::map<PeerId, Member>;

  Channel(ChannelName name, PeerId creator, port::TopicId topic_id)
      : name_(name.text()), creator_(creator), topic_id_(topic_id) {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const ChannelState& state() const { return state_; }
  [[nodiscard]] const std::string& topic() const { return state_.topic; }
  [[nodiscard]] const Modes& modes() const { return state_.modes; }
  /// As 324 shows them, without the token; empty: none.
  [[nodiscard]] std::string modes_text() const {
    return irc::modes_text(state_.modes, state_.token.has_value());
  }
  [[nodiscard]] const PeerId& creator() const { return creator_; }
  [[nodiscard]] const Members& members() const { return members_; }
  /// Who has a rank, ordered by id.
  [[nodiscard]] const std::set<PeerId>& ranked() const { return ranked_; }
  /// None also for who is not a member.
  [[nodiscard]] Rank rank_of(const PeerId& id) const;
  [[nodiscard]] bool is_banned(const PeerId& id, std::int64_t now_ms) const;
  [[nodiscard]] bool is_muted(const PeerId& id, std::int64_t now_ms) const;
  [[nodiscard]] bool is_invited(const Peer& peer, std::int64_t now_ms) const;
  /// The last messages, none of them older than the log's limits allowed when it was added.
  [[nodiscard]] const MessageLog& log() const { return log_; }
  [[nodiscard]] port::TopicId topic_id() const { return topic_id_; }
  [[nodiscard]] const FormCounts& audience() const { return audience_; }
  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
  /// Grows by one with each message.
  [[nodiscard]] std::uint64_t seq() const { return seq_; }
  /// The last number before which something may be missing: the server had died. 0: never.
  [[nodiscard]] std::uint64_t sequence_gap() const { return sequence_gap_; }
  [[nodiscard]] std::int64_t created_ms() const { return created_ms_; }
  [[nodiscard]] std::int64_t updated_ms() const { return updated_ms_; }

 private:
  friend class World;
  friend class WorldLoader;

  std::string name_;
  ChannelState state_;
  MessageLog log_;
  std::map<PeerId, std::int64_t> spoke_;  ///< steady ms; while there is slow mode
  std::size_t spoke_sweep_at_ = 0;
  port::TokenBucket flow_;  ///< bytes of what was said in it
  PeerId creator_;
  Members members_;
  std::set<PeerId> ranked_;
  FormCounts audience_{};
  port::TopicId topic_id_;
  std::uint32_t epoch_ = 0;
  std::uint64_t seq_ = 0;
  std::uint64_t seq_reserved_ = 0;  ///< to be stored; seq_ does not get above it
  std::uint64_t sequence_gap_ = 0;  ///< numbers up to this one may be missing from the log
  std::int64_t created_ms_ = 0;
  std::int64_t updated_ms_ = 0;
  bool stored_ = false;     ///< the store has something under the name, or may have
  bool confirmed_ = false;  ///< and it is this channel
};

/// `<epoch>:<seq>` as CHANNEL and SESSION tell it; the epoch in 8 hex digits.
std::string position_text(std::uint32_t epoch, std::uint64_t seq);
std::string epoch_text(std::uint32_t epoch);
/// What anybody may know of a channel, compact; never the token.
std::string public_json(const Channel& channel);

}  // namespace signaller::irc
