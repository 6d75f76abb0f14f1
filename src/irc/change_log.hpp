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

/// The write-behind takes batches with `take`, turns them into records, and either confirms a batch
/// or puts it back. Runs on the core thread, like the world.
class ChangeLog {
 public:
  explicit ChangeLog(WorldTables& tables) : tables_(tables) {}
  ChangeLog(const ChangeLog&) = delete;
  ChangeLog& operator=(const ChangeLog&) = delete;

  [[nodiscard]] const ChangeSet& pending() const { return pending_; }
  [[nodiscard]] bool empty() const { return pending_.empty(); }
  /// The number of pending changes, as ChangeSet::size.
  [[nodiscard]] std::size_t size() const { return pending_.size(); }

  // Batches.

  /// Removes and returns changes that give about `most` records. From then on the store may have
  /// these records, even if it refuses the batch.
  ChangeSet take(std::size_t most = std::numeric_limits<std::size_t>::max());
  /// Records with the whole present state of each key in `changes`.
  [[nodiscard]] std::vector<port::Record> records(const ChangeSet& changes) const;
  /// Adds again the changes of a batch that the store has refused, or may have refused.
  void put_back(ChangeSet&& batch);
  /// Call when the store has the batch. Marks the batch's peers and channels as confirmed: the
  /// store has deleted older data under their names.
  void confirm(const ChangeSet& batch);

  // Recovery: the store may have lost data.

  /// Marks the whole world as changed. Drops the pending audit records: the caller adds all audit
  /// records again afterwards.
  void mark_all();
  /// Marks the names that are in the store but not in the world, so that the store deletes them.
  void mark_leftovers(const port::StoredNames& stored);
  /// Reserves no sequence number above the last one that was used, so that a regular shutdown
  /// leaves no gap. Call before the last batch.
  void seal();

  // Changes. World, Mailboxes, ChannelLogs and WorldLoader call these.

  void add(port::AuditRecord record) { pending_.add(std::move(record)); }
  void peer_changed(const PeerId& id) { pending_.peers.insert(id); }
  /// The session of the peer has ended. If the id is owned, marks its identity as changed.
  void peer_ended(const Peer& peer);
  void identity_ended(const PeerId& id, bool stored);
  void channel_changed(const Channel& channel);
  /// @param folded  the channel's folded name
  /// @param stored  whether the store may have the channel
  void channel_ended(std::string folded, bool stored);
  /// A peer has joined the channel, or its rank there has changed.
  void member_changed(const PeerId& id, const Channel& channel);
  /// A peer leaves the channel. Called while the peer is still a member.
  void member_left(const PeerId& id, const Channel& channel);
  /// Whether a pending change concerns the membership of the peer in the channel.
  [[nodiscard]] bool has_member_change(const PeerId& id, const Channel& channel) const;
  /// The log has changed from message `seq` on. Does nothing unless messages are stored.
  void message_added(const Channel& channel, std::uint64_t seq);
  /// The inbox has changed from message `seq` on. Does nothing unless messages are stored.
  void mail_added(const PeerId& id, std::uint64_t seq);
  /// As mail_added, but `first` may be an earlier message than those that are marked already.
  void mail_changed(const PeerId& id, std::uint64_t first);
  /// @param subject  the banned id or range, as text
  void server_ban_added(std::string subject) { pending_.server_bans.insert(std::move(subject)); }
  void server_ban_lifted(std::string subject);
  /// Call for each ban that was read from the store.
  void server_ban_loaded(std::string subject) { stored_bans_.insert(std::move(subject)); }

 private:
  using Records = std::vector<port::Record>;

  void take_messages(ChangeSet& batch);
  void take_audit(ChangeSet& batch, std::size_t& left);
  void note_stored(const ChangeSet& batch);
  // Each of these functions marks one object as stored, and returns false if the world does not
  // have the object.
  bool note_stored_peer(const PeerId& id);
  bool note_stored_channel(const std::string& name);
  bool note_stored_member(const std::string& name, const PeerId& id);
  void mark_leftover_messages(const port::StoredNames& stored);

  // Each of these functions appends the records of one key.
  void add_peer(Records& records, const PeerId& id) const;
  void add_channel(Records& records, const std::string& name) const;
  void add_member(Records& records, const std::string& name, const PeerId& id) const;
  void add_log(Records& records, const std::string& name, std::uint64_t first) const;
  void add_mail(Records& records, const PeerId& id, std::uint64_t first) const;
  void add_server_ban(Records& records, const std::string& subject) const;

  WorldTables& tables_;
  ChangeSet pending_;
  std::set<std::string> stored_bans_;  ///< server bans that the store may have
  /// For each kind, the last key that a batch took; the next batch continues after it.
  struct {
    PeerId peer = PeerId::lowest();
    std::string channel, server_ban, log;
    std::pair<std::string, PeerId> member{"", PeerId::lowest()};
    PeerId mail = PeerId::lowest();
  } last_;
};

}  // namespace signaller::irc
