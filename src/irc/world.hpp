// Who is there and who is in which channel: the one place that changes it.
#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "irc/changes.hpp"
#include "irc/channel.hpp"
#include "irc/identities.hpp"
#include "irc/limits.hpp"
#include "irc/peer.hpp"
#include "irc/server_bans.hpp"
#include "irc/text/names.hpp"
#include "irc/text/text.hpp"
#include "port/records.hpp"
#include "port/store.hpp"
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

  explicit World(WorldLimits limits = {}) : limits_(limits) {}
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void set_limits(const WorldLimits& limits) { limits_ = limits; }
  [[nodiscard]] const WorldLimits& limits() const { return limits_; }

  [[nodiscard]] const Peers& peers() const { return peers_; }
  [[nodiscard]] const Channels& channels() const { return channels_; }
  Peer* find(const PeerId& id);
  Peer* find(Nick nick);
  Channel* find(ChannelName name);
  Resolved resolve(const PeerRef& ref);

  /// Makes a live peer. Nobody has its id; its nick is free or empty. An identity that is kept
  /// under the id passes on what it holds: the claim must be that identity's then. A claim
  /// without tenure is given one.
  Peer& add(PeerId id, Attachment attach, Claim claim, Profile profile, port::Random& random,
            port::Instant now);
  /// Leaves every channel and ends the session. Of an owned id an identity stays, and its ranks.
  void remove(Peer& peer, port::Instant now);
  /// From now on the id stays its secret's.
  void own(Peer& peer);
  /// The connection is lost, all else stays. The peer is live.
  void suspend(Peer& peer);
  /// The peer sits on another connection, whether it was live or suspended.
  void attach(Peer& peer, Attachment attach);
  /// The nick is free, its own or empty.
  void describe(Peer& peer, Profile profile, port::Instant now);
  /// To change what concerns nobody else; counts as an update.
  PeerState& edit(Peer& peer, port::Instant now);
  void talked(Peer& peer, port::Instant now) { peer.talked_ms_ = now.unix_ms; }

  // Private messages.

  /// The number of a private message to the peer.
  std::uint64_t next_inbox_seq(Peer& peer);
  /// Whether a suspended peer's inbox takes one more message of so many bytes.
  [[nodiscard]] bool has_room(const Peer& peer, std::size_t cost) const;
  /// One more message of a blocked peer that goes nowhere; how many there were.
  std::uint64_t count_blocked_message(Peer& peer, const PeerId& blocked);
  /// Keeps a private message; `handed_out`: it goes to the peer's connection at once.
  void post(Peer& peer, StoredMessagePtr message, bool handed_out, port::Instant now);
  /// Whatever waited in the inbox has been sent.
  void hand_out(Peer& peer, port::Instant now);
  /// The last `count` messages that were handed out have not arrived.
  void take_back(Peer& peer, std::size_t count);
  /// Drops what was handed out longer ago than its receiver's session would outlive a connection.
  void expire_mail(port::Instant now);
  /// When expire_mail has something to do (steady ms); 0: never.
  [[nodiscard]] std::int64_t mail_due_ms() const;
  /// Drops what is too old of one inbox, and says whether anything is left.
  bool has_mail(Peer& peer, port::Instant now);
  void remember(Peer& peer, std::string_view label, Acknowledged answer, port::Instant now);

  // Channels.

  /// Makes a channel with the creator in it as its operator. The name is free.
  Channel& create(ChannelName name, Peer& creator, std::optional<port::Digest> token,
                  port::Random& random, port::Instant now);
  /// The peer is not in it. It has the rank that waited for it.
  void join(Peer& peer, Channel& channel);
  /// The peer is in it. Its rank waits for its return if the id is owned, unless `for_good`. The
  /// last one's leaving deletes a channel that is not persistent: true then.
  bool leave(Peer& peer, Channel& channel, bool for_good = false);
  /// Deletes the channel if nobody is in it and it is not persistent: true then.
  bool drop_if_empty(Channel& channel);
  /// To change what concerns nobody's membership; counts as an update.
  ChannelState& edit(Channel& channel, port::Instant now);
  /// Of a member, or of an owned id that is not in it. None also ends a creator's right.
  void set_rank(Channel& channel, const PeerId& id, Rank rank, port::Instant now);
  [[nodiscard]] Rank rank_or_kept(const Channel& channel, const PeerId& id) const;
  /// The tenure of an owned id; nothing if it is not owned.
  [[nodiscard]] std::optional<std::uint64_t> owner_generation_of(const PeerId& id) const;
  /// The number of a message in the channel.
  std::uint64_t next_seq(Channel& channel);
  /// Keeps a message of the channel. Its number is the last one that was given out.
  void log(Channel& channel, StoredMessagePtr message);
  /// Drops what is too old in the channel's log.
  void expire_log(Channel& channel, port::Instant now);
  /// When the peer last spoke (steady ms), as far as slow mode remembers; 0: never.
  [[nodiscard]] static std::int64_t spoke_ms(const Channel& channel, const PeerId& id);
  void note_spoken(Channel& channel, const PeerId& id, port::Instant now);
  /// How many bytes were said in a channel lately, whoever said them.
  static port::TokenBucket& flow(Channel& channel) { return channel.flow_; }
  /// Slow mode is over.
  static void forget_spoken(Channel& channel) { channel.spoke_.clear(); }

  // The server.

  /// Of all channels' logs, of all peers' inboxes.
  [[nodiscard]] std::size_t log_bytes() const { return log_bytes_; }
  [[nodiscard]] std::size_t mail_bytes() const { return mail_bytes_; }
  [[nodiscard]] const Identities& identities() const { return identities_; }
  /// Forgets owned ids that nobody has shown for `retention_ms` and that no rank, ban or persistent
  /// channel names, and the longest unseen ones above the limit.
  void expire_identities(std::int64_t retention_ms, port::Instant now);
  [[nodiscard]] const ServerBans& server_bans() const { return server_bans_; }
  void ban(const PeerId& id, Ban ban);
  void ban(const port::AddressRange& range, Ban ban);
  bool unban(const PeerId& id);  ///< false: was not banned
  bool unban(const port::AddressRange& range);
  /// Lifts the bans whose time is over.
  void expire_server_bans(port::Instant now);
  /// An entry of the audit log, to be stored.
  void mark(port::AuditRecord record);

  /// The topic that every described peer is subscribed to.
  [[nodiscard]] static port::TopicId everybody() { return port::TopicId{1}; }
  [[nodiscard]] const FormCounts& audience() const { return audience_; }

  [[nodiscard]] const ChangeMarks& changes() const { return changes_; }
  /// Some of the marks: so many that `records` gives about `most` records.
  ChangeMarks take_changes(std::size_t most = std::numeric_limits<std::size_t>::max());
  /// Marks of a batch that was refused, or may have been.
  void mark(ChangeMarks&& changes);
  /// A batch is stored: what was there under the names of these peers and channels has gone.
  void confirm(const ChangeMarks& stored);
  /// Marks everything that there is: what is stored may be less than is thought. But the audit log,
  /// of which it drops the marks: whoever has it marks all of it behind this.
  void mark_all();
  /// Marks what is stored and is not, or no longer: it goes with the next batches.
  void mark_others(const port::StoredNames& stored);
  /// The whole new state under each of the keys.
  [[nodiscard]] std::vector<port::Record> records(const ChangeMarks& changes) const;

  /// The last numbers that were given out are marked to be stored as such: the process ends as it
  /// should, so that none of them is missing afterwards.
  void seal();

  /// The first invariant that does not hold, in words; empty: all hold. Walks everything.
  [[nodiscard]] std::string check() const;

 private:
  friend class WorldLoader;  // restoring.hpp

  void set_nick(Peer& peer, std::string nick);
  void count(const Peer& peer, bool in);
  void file_mail(Peer& peer, port::Instant now);
  void shorten_logs();
  [[nodiscard]] std::set<PeerId> named_ids() const;
  [[nodiscard]] Rank waiting_rank(const Peer& peer, const Channel& channel) const;
  void mark_member(const Peer& peer, const Channel& channel);
  void unmark_member(const Peer& peer, const Channel& channel);
  void mark_lifted(std::string whom);
  void take_messages(ChangeMarks& taken);
  void note_stored(const ChangeMarks& taken);
  // The store has it from now on. False: there is no such thing.
  bool note_stored_peer(const PeerId& id);
  bool note_stored_channel(const std::string& name);
  bool note_stored_member(const std::string& name, const PeerId& id);
  void mark_message(const std::string& folded, std::uint64_t seq);
  void mark_mail(const Peer& peer, std::uint64_t seq);
  void reserve(Channel& channel);
  void reserve(Peer& peer);
  void add_channel(std::vector<port::Record>& records, const std::string& name) const;
  void add_log(std::vector<port::Record>& records, const std::string& name,
               std::uint64_t first) const;
  void add_mail(std::vector<port::Record>& records, const PeerId& id, std::uint64_t first) const;
  port::TopicId take_topic_id();
  void add_peer(std::vector<port::Record>& records, const PeerId& id) const;
  void add_member(std::vector<port::Record>& records, const std::string& name,
                  const PeerId& id) const;
  void add_server_ban(std::vector<port::Record>& records, const std::string& whom) const;
  [[nodiscard]] std::string check_peer(const Peer& peer) const;
  [[nodiscard]] std::string check_channel(const Channel& channel) const;

  template <class Value>
  using FoldedIndex = std::unordered_map<std::string_view, Value, FoldedHash, FoldedEqual>;

  Peers peers_;
  Channels channels_;
  FoldedIndex<Peer*> nicks_;             ///< keys are views of the peers' nicks
  FoldedIndex<Channel*> channel_index_;  ///< keys are views of the channels' names
  FormCounts audience_{};                ///< live peers by form
  WorldLimits limits_;
  Identities identities_;
  ServerBans server_bans_;
  std::set<std::string> stored_bans_;  ///< whom; the store has a ban, or may have
  std::size_t log_bytes_ = 0;
  std::size_t mail_bytes_ = 0;
  std::multimap<std::int64_t, PeerId> mail_due_;  ///< steady ms; once for each filed inbox
  std::uint32_t last_topic_id_ = static_cast<std::uint32_t>(everybody());
  std::vector<port::TopicId> free_topic_ids_;
  ChangeMarks changes_;
  struct {
    PeerId peer = PeerId::lowest();
    std::string channel, server_ban, log;
    std::pair<std::string, PeerId> member{"", PeerId::lowest()};
    PeerId mail = PeerId::lowest();
  } last_;  ///< marks: the batches have come so far
};

}  // namespace signaller::irc
