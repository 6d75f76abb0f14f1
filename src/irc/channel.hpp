// A channel and its members. Others read it; only the World changes it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "irc/line.hpp"
#include "irc/names.hpp"
#include "irc/object_id.hpp"
#include "port/ids.hpp"

namespace signaller::irc {

class Peer;

enum class Rank : std::uint8_t { None, Voice, Operator };
/// As in 353: `@`, `+` or nothing.
std::string_view rank_sign(Rank rank);

struct Member {
  Peer* peer;
  Rank rank = Rank::None;
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
  [[nodiscard]] const std::string& topic() const { return topic_; }
  /// What /join must bring; empty: nothing.
  [[nodiscard]] const std::string& token() const { return token_; }
  [[nodiscard]] const PeerId& creator() const { return creator_; }
  [[nodiscard]] const Members& members() const { return members_; }
  /// Who has a rank, ordered by id.
  [[nodiscard]] const std::set<PeerId>& ranked() const { return ranked_; }
  /// None also for who is not a member.
  [[nodiscard]] Rank rank_of(const PeerId& id) const;
  [[nodiscard]] port::TopicId topic_id() const { return topic_id_; }
  [[nodiscard]] const FormCounts& audience() const { return audience_; }
  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
  /// Grows by one with each message.
  [[nodiscard]] std::uint64_t seq() const { return seq_; }
  [[nodiscard]] std::int64_t created_ms() const { return created_ms_; }
  [[nodiscard]] std::int64_t updated_ms() const { return updated_ms_; }

 private:
  friend class World;

  std::string name_;
  std::string topic_;
  std::string token_;
  PeerId creator_;
  Members members_;
  std::set<PeerId> ranked_;
  FormCounts audience_{};
  port::TopicId topic_id_;
  std::uint32_t epoch_ = 0;
  std::uint64_t seq_ = 0;
  std::uint64_t seq_reserved_ = 0;  ///< stored; seq_ never gets above it unmarked
  std::int64_t created_ms_ = 0;
  std::int64_t updated_ms_ = 0;
};

/// `<epoch>:<seq>` as CHANNEL and SESSION tell it; the epoch in 8 hex digits.
std::string position_text(std::uint32_t epoch, std::uint64_t seq);
std::string epoch_text(std::uint32_t epoch);
/// What anybody may know of a channel, compact; never the token.
std::string public_json(const Channel& channel);

}  // namespace signaller::irc
