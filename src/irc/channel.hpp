// A channel and its members. Only the world and its parts change it; all others read it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "irc/ban.hpp"
#include "irc/history/message_log.hpp"
#include "irc/last_spoken.hpp"
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
/// The prefix of a rank in 353: `@`, `+` or nothing.
std::string_view rank_sign(Rank rank);
/// The letter of a rank in MODE lines: `o` or `v`; NUL for no rank.
char mode_letter(Rank rank);

struct Member {
  Peer* peer;
  Rank rank = Rank::None;
  bool stored = false;  ///< the store has the membership, or may have it
};

/// The rank that a channel keeps for an owned id that is not a member. The same owner gets the rank
/// back on joining.
struct KeptRank {
  Rank rank = Rank::None;
  std::uint64_t owner_generation = 0;
};

/// An invitation. Bound to the invited owner, not to a later owner of the id.
struct Invitation {
  std::int64_t until_ms = 0;
  std::uint64_t owner_generation = 0;
};

/// The values of a channel that /descp sets; an empty string: not set.
struct ChannelProfile {
  std::string name;
  std::string descp;
  std::string info;  ///< a compact JSON object
};

/// The state of a channel except its members and messages. Changed through World::edit only.
struct ChannelState {
  std::string topic;
  std::optional<port::Digest> token;  ///< keyed hash of the token that /join must give
  Modes modes;
  ChannelProfile profile;
  std::map<PeerId, Ban> bans;
  std::map<PeerId, std::int64_t> mutes;  ///< peer → end of its mute
  std::map<PeerId, Invitation> invites;  ///< invited peer → its invitation; joining uses it up
  std::map<PeerId, KeptRank> kept;       ///< ranks of ids that are not members
  /// The owner generation with which the creator becomes operator on joining; 0: the creator has no
  /// such right.
  std::uint64_t creator_generation = 0;
};

class Channel {
 public:
  /// Ordered by id, so that a list that is sent in pieces can continue after an id.
  using Members = std::map<PeerId, Member>;

  Channel(ChannelName name, PeerId creator, port::TopicId topic_id)
      : name_(name.text()), creator_(creator), topic_id_(topic_id) {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const ChannelState& state() const { return state_; }
  [[nodiscard]] const std::string& topic() const { return state_.topic; }
  [[nodiscard]] const Modes& modes() const { return state_.modes; }
  /// The modes in the notation of 324, without the token's value; empty: no mode is set.
  [[nodiscard]] std::string modes_text() const {
    return irc::modes_text(state_.modes, state_.token.has_value());
  }
  [[nodiscard]] const PeerId& creator() const { return creator_; }
  [[nodiscard]] const Members& members() const { return members_; }
  /// The members that have a rank.
  [[nodiscard]] const std::set<PeerId>& ranked() const { return ranked_; }
  /// The rank of a member; None also for an id that is not a member.
  [[nodiscard]] Rank rank_of(const PeerId& id) const;
  [[nodiscard]] bool is_banned(const PeerId& id, std::int64_t now_ms) const;
  [[nodiscard]] bool is_muted(const PeerId& id, std::int64_t now_ms) const;
  [[nodiscard]] bool is_invited(const Peer& peer, std::int64_t now_ms) const;
  /// The last messages. Expired messages may still be in the log: see ChannelLogs::expire.
  [[nodiscard]] const MessageLog& log() const { return log_; }
  [[nodiscard]] const LastSpoken& last_spoken() const { return last_spoken_; }
  [[nodiscard]] port::TopicId topic_id() const { return topic_id_; }
  [[nodiscard]] const FormCounts& audience() const { return audience_; }
  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
  /// The number of the last message.
  [[nodiscard]] std::uint64_t seq() const { return seq_; }
  /// Messages up to this number may be missing because of a crash of the server. 0: none is
  /// missing.
  [[nodiscard]] std::uint64_t sequence_gap() const { return sequence_gap_; }
  [[nodiscard]] std::int64_t created_ms() const { return created_ms_; }
  [[nodiscard]] std::int64_t updated_ms() const { return updated_ms_; }

 private:
  friend class World;
  friend class WorldLoader;
  friend class ChangeLog;
  friend class ChannelLogs;

  std::string name_;
  ChannelState state_;
  MessageLog log_;
  LastSpoken last_spoken_;  ///< empty if the channel is not in slow mode
  port::TokenBucket flow_;  ///< limits the bytes that all members together send
  PeerId creator_;
  Members members_;
  std::set<PeerId> ranked_;
  FormCounts audience_{};
  port::TopicId topic_id_;
  std::uint32_t epoch_ = 0;
  std::uint64_t seq_ = 0;
  /// The highest message number that is reserved in the store; seq_ is never above it.
  std::uint64_t seq_reserved_ = 0;
  std::uint64_t sequence_gap_ = 0;  ///< messages up to this number may be missing
  std::int64_t created_ms_ = 0;
  std::int64_t updated_ms_ = 0;
  bool stored_ = false;  ///< the store has a record under the name, or may have one
  /// The stored record is of this channel, not of an earlier channel with the same name.
  bool confirmed_ = false;
};

/// `<epoch>:<seq>`, as in CHANNEL and SESSION lines; the epoch has 8 hex digits.
std::string position_text(std::uint32_t epoch, std::uint64_t seq);
std::string epoch_text(std::uint32_t epoch);
/// The public values of the channel as compact JSON; never the token.
std::string public_json(const Channel& channel);

}  // namespace signaller::irc
