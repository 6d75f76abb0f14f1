// Messages that are delivered, and whose senders are told so when the store has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "commands/grammar/command.hpp"
#include "irc/history/label_cache.hpp"
#include "port/effects.hpp"
#include "port/ids.hpp"
#include "port/time.hpp"

namespace signaller::commands {

struct SlashState;

/// An ACK that waits.
struct PendingAck {
  port::ConnectionId who;
  std::string label;
  const Command* command = nullptr;
  irc::Acknowledged message;
  std::uint64_t batch = 0;  ///< at least this one must have been stored
  std::int64_t due_ms = 0;  ///< steady: NOT_STORED then
};

/// In the order in which they are due.
using PendingAcks = std::deque<PendingAck>;

/// Whether ACKs of messages wait for the store.
bool acks_wait(const SlashState& slash);
/// Answers when the message is stored, or at once if it is; NOT_STORED after `ack_timeout`, and at
/// once if too many wait.
void ack_when_stored(SlashState& slash, port::Effects& out, PendingAck ack, port::Instant now);
/// A batch has been stored: who waited for what is in it is told, or that it will never be stored.
void tell_stored(SlashState& slash, port::Effects& out, port::Instant now);
/// Whose time is over is told that.
void tell_not_stored(SlashState& slash, port::Effects& out, port::Instant now);
/// When tell_not_stored has something to do (steady ms).
std::optional<std::int64_t> acks_due_ms(const SlashState& slash);

}  // namespace signaller::commands
