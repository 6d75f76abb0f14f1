// The stored messages of channels: their numbers, the bytes of all logs, their expiry.
#pragma once

#include <cstddef>
#include <cstdint>

#include "irc/change_log.hpp"
#include "irc/history/stored_message.hpp"
#include "irc/world_tables.hpp"
#include "port/time.hpp"

namespace signaller::irc {

/// Each channel owns its log; only this class changes a log.
class ChannelLogs {
 public:
  ChannelLogs(WorldTables& tables, ChangeLog& changes) : tables_(tables), changes_(changes) {}
  ChannelLogs(const ChannelLogs&) = delete;
  ChannelLogs& operator=(const ChannelLogs&) = delete;

  /// Takes the number of the next message in the channel.
  std::uint64_t next_seq(Channel& channel);
  /// Keeps a message of the channel. Its number is the one that next_seq returned last.
  void add(Channel& channel, StoredMessagePtr message);
  /// Drops the expired messages of the channel.
  void expire(Channel& channel, port::Instant now);
  /// Call when the channel and its log are deleted.
  void remove(const Channel& channel) { bytes_ -= channel.log().bytes(); }

  /// The bytes of the messages in all logs.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  void shorten();

  WorldTables& tables_;
  ChangeLog& changes_;
  std::size_t bytes_ = 0;
};

}  // namespace signaller::irc
