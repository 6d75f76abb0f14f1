// The private messages that are kept for peers: their inboxes, the bytes of all, their expiry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "irc/change_log.hpp"
#include "irc/history/stored_message.hpp"
#include "irc/world_tables.hpp"
#include "port/time.hpp"

namespace signaller::irc {

/// Each peer owns its inbox; only this class changes it.
class Mailboxes {
 public:
  Mailboxes(WorldTables& tables, ChangeLog& changes) : tables_(tables), changes_(changes) {}
  Mailboxes(const Mailboxes&) = delete;
  Mailboxes& operator=(const Mailboxes&) = delete;

  /// Takes the number of the next private message to the peer.
  std::uint64_t next_seq(Peer& peer);
  /// Whether the inbox of a suspended peer takes another message of `cost` bytes.
  [[nodiscard]] bool has_room(const Peer& peer, std::size_t cost) const;
  /// Keeps a private message.
  /// @param handed_out  whether it is sent to the peer's connection at once
  void post(Peer& peer, StoredMessagePtr message, bool handed_out, port::Instant now);
  /// Every undelivered message of the inbox has been sent.
  void hand_out(Peer& peer, port::Instant now);
  /// The last `count` messages that were handed out have not arrived.
  void take_back(Peer& peer, std::size_t count);
  /// Drops expired messages of one inbox: those that were handed out longer ago than the peer's
  /// session would outlive a connection. Returns whether a message is left.
  bool expire(Peer& peer, port::Instant now);
  /// Drops the expired messages of every inbox that is due.
  void expire(port::Instant now);
  /// When the next inbox is due (steady ms); 0: none.
  [[nodiscard]] std::int64_t due_ms() const;
  /// The peer is removed, and its inbox with it.
  void remove(const Peer& peer);

  /// The bytes of all inboxes.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  void schedule(Peer& peer, port::Instant now);

  WorldTables& tables_;
  ChangeLog& changes_;
  std::size_t bytes_ = 0;
  std::multimap<std::int64_t, PeerId> due_;  ///< steady ms; one entry for each scheduled inbox
};

}  // namespace signaller::irc
