// Who is there and who is in which channel: the one place that changes it.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "irc/channel.hpp"
#include "irc/dirty.hpp"
#include "irc/names.hpp"
#include "irc/peer.hpp"
#include "irc/text.hpp"
#include "port/records.hpp"
#include "port/time.hpp"

namespace signaller::irc {

/// Whom a PeerRef means: one peer, or nobody, or several (then the first of them, for a hint).
struct Resolved {
  Peer* peer = nullptr;
  std::vector<PeerId> candidates;
};

/// References to peers and channels stay good until that one is removed.
class World {
 public:
  /// Ordered by id, for prefixes.
  using Peers = std::map<PeerId, Peer>;
  /// By folded name, for lists.
  using Channels = std::map<std::string, Channel, std::less<>>;
  static constexpr std::size_t MaxCandidates = 5;

  World() = default;
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] const Peers& peers() const { return peers_; }
  [[nodiscard]] const Channels& channels() const { return channels_; }
  Peer* find(const PeerId& id);
  Peer* find(Nick nick);
  Channel* find(ChannelName name);
  Resolved resolve(const PeerRef& ref);

  /// Makes a peer. Nobody has its id; its nick is free or empty.
  Peer& add(PeerId id, Seat seat, Profile profile, port::Random& random, port::Instant now);
  /// Leaves every channel and forgets the peer.
  void remove(Peer& peer);
  /// The nick is free, its own or empty.
  void describe(Peer& peer, Profile profile, port::Instant now);
  void set_away(Peer& peer, std::optional<std::string> away, port::Instant now);
  void talked(Peer& peer, port::Instant now) { peer.talked_ms_ = now.unix_ms; }
  /// The number of a private message to the peer.
  std::uint64_t next_inbox_seq(Peer& peer) { return ++peer.inbox_seq_; }

  /// Makes a channel with the creator in it as its operator. The name is free.
  Channel& create(ChannelName name, Peer& creator, std::string token, port::Random& random,
                  port::Instant now);
  /// The peer is not in it.
  void join(Peer& peer, Channel& channel, Rank rank);
  /// The peer is in it. The last one's leaving deletes the channel: true then.
  bool leave(Peer& peer, Channel& channel);
  void set_topic(Channel& channel, std::string topic, port::Instant now);
  /// The number of a message in the channel.
  std::uint64_t next_seq(Channel& channel);

  /// The topic that every described peer is subscribed to.
  [[nodiscard]] static port::TopicId everybody() { return port::TopicId{1}; }
  [[nodiscard]] const FormCounts& audience() const { return audience_; }

  [[nodiscard]] const Dirty& dirty() const { return dirty_; }
  Dirty take_dirty();
  void mark(Dirty&& dirty) { dirty_.merge(std::move(dirty)); }
  /// The whole new state under each of the keys.
  [[nodiscard]] std::vector<port::Record> records(const Dirty& dirty) const;

  /// The first invariant that does not hold, in words; empty: all hold. Walks everything.
  [[nodiscard]] std::string check() const;

 private:
  void set_nick(Peer& peer, std::string nick);
  void mark_member(const Peer& peer, const Channel& channel);
  port::TopicId take_topic_id();
  [[nodiscard]] std::string check_peer(const Peer& peer) const;
  [[nodiscard]] std::string check_channel(const Channel& channel) const;

  template <class Value>
  using FoldedIndex = std::unordered_map<std::string_view, Value, FoldedHash, FoldedEqual>;

  Peers peers_;
  Channels channels_;
  FoldedIndex<Peer*> nicks_;             ///< keys are views of the peers' nicks
  FoldedIndex<Channel*> channel_index_;  ///< keys are views of the channels' names
  FormCounts audience_{};
  std::uint32_t last_topic_id_ = static_cast<std::uint32_t>(everybody());
  std::vector<port::TopicId> free_topic_ids_;
  Dirty dirty_;
};

}  // namespace signaller::irc
