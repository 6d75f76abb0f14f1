// The stored private messages of peers: their inboxes, the bytes of all inboxes, their expiry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "irc/change_log.hpp"
#include "irc/history/stored_message.hpp"
#include "irc/world_tables.hpp"
#include "port/time.hpp"

namespace signaller::irc {

/// Each peer owns its inbox; only this class changes an inbox.
class Mailboxes {
 public:
  Mailboxes(WorldTables& tables, ChangeLog& changes) : tables_(tables), changes_(changes) {}
  Mailboxes(const Mailboxes&) = delete;
  Mailboxes& operator=(const Mailboxes&) = delete;

  /// Takes the number of the next private message to the peer.
  std::uint64_t next_seq(Peer& peer);
  /// Whether the inbox of a suspended peer has room for another message of `cost` bytes.
  [[nodiscard]] bool has_room(const Peer& peer, std::size_t cost) const;
  /// Keeps a private message.
  /// @param handed_out  whether the message is sent to the peer's connection at once
  void post(Peer& peer, StoredMessagePtr message, bool handed_out, port::Instant now);
  /// Call when every undelivered message of the inbox has been sent.
  void hand_out(Peer& peer, port::Instant now);
  /// Call when the last `count` handed-out messages have not reached the client.
  void take_back(Peer& peer, std::size_t count);
  /// Drops the expired messages of one inbox: those that were handed out more than `resume_ms` ago.
  /// Returns whether a message is left.
  bool expire(Peer& peer, port::Instant now);
  /// Drops the expired messages of every inbox that is due.
  void expire(port::Instant now);
  /// The time (steady ms) at which the next inbox is due; 0: no inbox is scheduled.
  [[nodiscard]] std::int64_t due_ms() const;
  /// Call when the peer and its inbox are removed.
  void remove(const Peer& peer);

  /// The bytes of the messages in all inboxes.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  void schedule(Peer& peer, port::Instant now);

  WorldTables& tables_;
  ChangeLog& changes_;
  std::size_t bytes_ = 0;
  /// Steady ms → peer; one entry for each scheduled inbox.
  std::multimap<std::int64_t, PeerId> due_;
};

}  // namespace signaller::irc
