// This folder holds the state of a chat: peers, channels, messages and bans, and the lines that
// describe them. Commands, effects on connections, I/O and clocks do not belong here.
// All of it runs on the core thread, which calls the world without locks.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "irc/change_log.hpp"
#include "irc/channel_logs.hpp"
#include "irc/mailboxes.hpp"
#include "irc/text/names.hpp"
#include "irc/text/text.hpp"
#include "irc/world_tables.hpp"
#include "port/time.hpp"
#include "port/topic_numbers.hpp"

namespace signaller::irc {

/// The result of looking up a PeerRef.
struct Resolved {
  Peer* peer = nullptr;  ///< null: no peer matches, or several do
  /// If several peers match, the ids of the first few (at most MaxCandidates).
  std::vector<PeerId> candidates;
};

/// The peers and channels, and which peer is in which channel. A reference to a peer or channel
/// stays valid until that peer or channel is removed.
class World {
 public:
  using Peers = WorldTables::Peers;
  using Channels = WorldTables::Channels;
  static constexpr std::size_t MaxCandidates = 5;

  /// @param topics  assigns the topic numbers of channels; must outlive the world
  explicit World(port::TopicNumbers& topics, WorldLimits limits = {})
      : tables_(limits), topics_(topics), everybody_(topics.take()) {}
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void set_limits(const WorldLimits& limits) { tables_.limits = limits; }
  [[nodiscard]] const WorldLimits& limits() const { return tables_.limits; }

  Mailboxes& mailboxes() { return mailboxes_; }
  [[nodiscard]] const Mailboxes& mailboxes() const { return mailboxes_; }
  ChannelLogs& channel_logs() { return channel_logs_; }
  [[nodiscard]] const ChannelLogs& channel_logs() const { return channel_logs_; }
  ChangeLog& changes() { return changes_; }
  [[nodiscard]] const ChangeLog& changes() const { return changes_; }
  [[nodiscard]] const Peers& peers() const { return tables_.peers; }
  [[nodiscard]] const Channels& channels() const { return tables_.channels; }
  Peer* find(const PeerId& id);
  Peer* find(Nick nick);
  Channel* find(ChannelName name);
  Resolved resolve(const PeerRef& ref);

  // Peers.

  /// Adds a live peer. Precondition: the id is free; the nick is free or empty. If the id has an
  /// identity, the peer takes over its state, and `claim` must be the identity's claim. A claim
  /// without generation gets a new generation.
  Peer& add(PeerId id, Attachment attach, Claim claim, Profile profile, port::Random& random,
            port::Instant now);
  /// Ends the session: the peer leaves every channel. An owned id keeps an identity and its ranks.
  void remove(Peer& peer, port::Instant now);
  /// Makes the peer the owner of its id: from now on, the secret of its claim proves the ownership.
  void own(Peer& peer);
  /// The connection of a live peer is lost; the session goes on.
  void suspend(Peer& peer);
  /// Moves the peer, live or suspended, to another connection.
  void attach(Peer& peer, Attachment attach);
  /// Sets the profile. Precondition: the nick is free, the peer's own or empty.
  void describe(Peer& peer, Profile profile, port::Instant now);
  /// Returns the PeerState for a change, and sets the update time.
  PeerState& edit(Peer& peer, port::Instant now);
  void talked(Peer& peer, port::Instant now) { peer.talked_ms_ = now.unix_ms; }
  /// Counts a message from a blocked peer; the caller discards the message. Returns the number of
  /// discarded messages of that peer.
  std::uint64_t count_blocked_message(Peer& peer, const PeerId& blocked);
  /// Remembers the ACK of a labelled message, for retries.
  void remember(Peer& peer, std::string_view label, Acknowledged answer, port::Instant now);

  // Channels.

  /// Adds a channel; the creator joins it as operator. Precondition: the name is free.
  Channel& create(ChannelName name, Peer& creator, std::optional<port::Digest> token,
                  port::Random& random, port::Instant now);
  /// Adds the peer to the channel, with the rank that the channel keeps for it. Precondition: the
  /// peer is not a member.
  void join(Peer& peer, Channel& channel);
  /// Removes the peer from the channel. An owned id keeps its rank, unless `for_good`. Returns
  /// whether the channel was deleted, as drop_if_empty. Precondition: the peer is a member.
  bool leave(Peer& peer, Channel& channel, bool for_good = false);
  /// Deletes the channel if it is empty and not persistent. Returns whether the channel was
  /// deleted.
  bool drop_if_empty(Channel& channel);
  /// Returns the ChannelState for a change, and sets the update time.
  ChannelState& edit(Channel& channel, port::Instant now);
  /// Sets the rank of a member, or of an owned id that is not in the channel. A rank below operator
  /// also ends the creator's right to be operator.
  void set_rank(Channel& channel, const PeerId& id, Rank rank, port::Instant now);
  [[nodiscard]] Rank rank_or_kept(const Channel& channel, const PeerId& id) const;
  /// The owner generation of an owned id; nothing if the id is not owned.
  [[nodiscard]] std::optional<std::uint64_t> owner_generation_of(const PeerId& id) const;
  static LastSpoken& last_spoken(Channel& channel) { return channel.last_spoken_; }
  /// The bucket that limits the bytes that all members of the channel together send.
  static port::TokenBucket& flow(Channel& channel) { return channel.flow_; }

  // The server.

  [[nodiscard]] const Identities& identities() const { return tables_.identities; }
  /// Removes the oldest identities above the limit, and identities that are unseen for
  /// `retention_ms` and that no rank, ban or persistent channel names.
  void expire_identities(std::int64_t retention_ms, port::Instant now);
  [[nodiscard]] const ServerBans& server_bans() const { return tables_.server_bans; }
  void ban(const PeerId& id, Ban ban);
  void ban(const port::AddressRange& range, Ban ban);
  bool unban(const PeerId& id);  ///< false: the id was not banned
  bool unban(const port::AddressRange& range);
  void expire_server_bans(port::Instant now);
  /// The topic to which every described peer is subscribed.
  [[nodiscard]] port::TopicId everybody() const { return everybody_; }
  [[nodiscard]] const FormCounts& audience() const { return audience_; }

  /// Describes the first invariant that does not hold; empty: all hold. Checks the whole world.
  [[nodiscard]] std::string check() const;

 private:
  friend class WorldLoader;

  void set_nick(Peer& peer, std::string nick);
  void count(const Peer& peer, bool in);
  [[nodiscard]] std::set<PeerId> named_ids() const;
  [[nodiscard]] Rank kept_rank(const Peer& peer, const Channel& channel) const;
  [[nodiscard]] std::string check_peer(const Peer& peer) const;
  [[nodiscard]] std::string check_channel(const Channel& channel) const;
  [[nodiscard]] std::string check_members(const Channel& channel) const;

  template <class Value>
  using FoldedIndex = std::unordered_map<std::string_view, Value, FoldedHash, FoldedEqual>;

  WorldTables tables_;
  ChangeLog changes_{tables_};
  Mailboxes mailboxes_{tables_, changes_};
  ChannelLogs channel_logs_{tables_, changes_};
  FoldedIndex<Peer*> nicks_;             ///< keys are views of the peers' nicks
  FoldedIndex<Channel*> channel_index_;  ///< keys are views of the channels' names
  FormCounts audience_{};                ///< number of live peers that use each form
  port::TopicNumbers& topics_;
  port::TopicId everybody_;
};

}  // namespace signaller::irc
