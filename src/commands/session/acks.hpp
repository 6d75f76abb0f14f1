// ACKs of messages. A message is delivered at once; its ACK waits until the store has the message.
#pragma once

#include <cstdint>
#include <optional>

#include "commands/session/pending_ack.hpp"
#include "commands/session/slash_state.hpp"
#include "port/effects.hpp"
#include "port/time.hpp"

namespace signaller::commands {

/// Whether ACKs of messages wait for the store.
bool acks_wait(const SlashState& slash);
/// Sends the ACK when the message is stored, or at once if it is stored already. Sends NOT_STORED
/// after `ack_timeout`, and at once if too many ACKs wait.
void ack_when_stored(SlashState& slash, port::Effects& out, PendingAck ack, port::Instant now);
/// Call when a batch has been stored: sends the ACKs of its messages, or NOT_STORED for messages
/// that the store never takes.
void tell_stored(SlashState& slash, port::Effects& out, port::Instant now);
/// Sends NOT_STORED for ACKs that waited longer than `ack_timeout`.
void tell_not_stored(SlashState& slash, port::Effects& out, port::Instant now);
/// The time (steady ms) of the next NOT_STORED; nothing if no ACK waits.
std::optional<std::int64_t> acks_due_ms(const SlashState& slash);

}  // namespace signaller::commands
