// Records which parts of the world the store does not have yet, and writes them as records.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "irc/change_set.hpp"
#include "irc/world_tables.hpp"
#include "port/records.hpp"
#include "port/store.hpp"

namespace signaller::irc {

/// The write-behind takes batches with `take`, turns them into records, and either confirms them or
/// puts them back. Runs on the core thread, like the world.
class ChangeLog {
 public:
  explicit ChangeLog(WorldTables& tables) : tables_(tables) {}
  ChangeLog(const ChangeLog&) = delete;
  ChangeLog& operator=(const ChangeLog&) = delete;

  [[nodiscard]] const ChangeSet& pending() const { return pending_; }
  [[nodiscard]] bool empty() const { return pending_.empty(); }
  /// As ChangeSet::size.
  [[nodiscard]] std::size_t size() const { return pending_.size(); }

  // Batches.

  /// Removes changes that give about `most` records. From now on they count as possibly stored,
  /// even if the store refuses the batch.
  ChangeSet take(std::size_t most = std::numeric_limits<std::size_t>::max());
  /// The whole present state under each key of `changes`.
  [[nodiscard]] std::vector<port::Record> records(const ChangeSet& changes) const;
  /// Adds a batch again that the store has refused, or may have refused.
  void put_back(ChangeSet&& batch);
  /// The store has the batch: older data under the names of its peers and channels is deleted.
  void confirm(const ChangeSet& batch);

  // Recovery: the store may have lost data.

  /// Marks the whole world as changed. Drops the pending audit records: the caller adds all of them
  /// again afterwards.
  void mark_all();
  /// Marks what the store has and the world does not have any more.
  void mark_leftovers(const port::StoredNames& stored);
  /// Marks the last sequence numbers that were used, so that an orderly end leaves no gap.
  void seal();

  // Changes. World, Mailboxes, ChannelLogs and WorldLoader call these.

  void add(port::AuditRecord record) { pending_.add(std::move(record)); }
  void peer_changed(const PeerId& id) { pending_.peers.insert(id); }
  /// The session has ended. If the id is owned, an identity of it is changed.
  void peer_ended(const Peer& peer);
  void identity_ended(const PeerId& id, bool stored);
  void channel_changed(const Channel& channel);
  /// @param folded  the channel's folded name
  /// @param stored  whether the store may have it
  void channel_ended(std::string folded, bool stored);
  /// Joined, or changed its rank.
  void member_changed(const PeerId& id, const Channel& channel);
  /// Called while the peer is still a member.
  void member_left(const PeerId& id, const Channel& channel);
  /// Whether the store may have the peer as a member of the channel, by a change still pending.
  [[nodiscard]] bool has_member_change(const PeerId& id, const Channel& channel) const;
  /// The log changed from message `seq` on. Counts only if messages are stored.
  void message_added(const Channel& channel, std::uint64_t seq);
  /// The inbox changed from message `seq` on. Counts only if messages are stored.
  void mail_added(const PeerId& id, std::uint64_t seq);
  /// As mail_added, from an earlier message than before.
  void mail_changed(const PeerId& id, std::uint64_t first);
  /// @param subject  the banned id or range, as text
  void server_ban_added(std::string subject) { pending_.server_bans.insert(std::move(subject)); }
  void server_ban_lifted(std::string subject);
  /// The store has the ban: it was read from there.
  void server_ban_loaded(std::string subject) { stored_bans_.insert(std::move(subject)); }

 private:
  using Records = std::vector<port::Record>;

  void take_messages(ChangeSet& batch);
  void take_audit(ChangeSet& batch, std::size_t& left);
  void note_stored(const ChangeSet& batch);
  // Each marks as stored what the store has. False: the world does not have it.
  bool note_stored_peer(const PeerId& id);
  bool note_stored_channel(const std::string& name);
  bool note_stored_member(const std::string& name, const PeerId& id);
  void mark_leftover_messages(const port::StoredNames& stored);

  // Each appends the records of one key.
  void add_peer(Records& records, const PeerId& id) const;
  void add_channel(Records& records, const std::string& name) const;
  void add_member(Records& records, const std::string& name, const PeerId& id) const;
  void add_log(Records& records, const std::string& name, std::uint64_t first) const;
  void add_mail(Records& records, const PeerId& id, std::uint64_t first) const;
  void add_server_ban(Records& records, const std::string& subject) const;

  WorldTables& tables_;
  ChangeSet pending_;
  std::set<std::string> stored_bans_;  ///< server bans that the store may have
  /// The last key of each kind that a batch took.
  struct {
    PeerId peer = PeerId::lowest();
    std::string channel, server_ban, log;
    std::pair<std::string, PeerId> member{"", PeerId::lowest()};
    PeerId mail = PeerId::lowest();
  } last_;
};

}  // namespace signaller::irc
