#include "commands/session/acks.hpp"

#include <algorithm>
#include <utility>

#include "commands/grammar/command.hpp"
#include "commands/session/given_replies.hpp"
#include "commands/session/slash_state.hpp"
#include "irc/line.hpp"
#include "irc/text/text.hpp"

namespace signaller::commands {
namespace {

constexpr std::size_t MostPending = 100'000;

/// Sends a line to the sender of the message, if its connection is still open.
void answer(SlashState& slash, port::Effects& out, const PendingAck& ack, irc::Line line,
            port::Instant now) {
  const Session* session = slash.find_session(ack.who);
  // The connection is closed: the sender will send the message again.
  if (session == nullptr || session->peer == nullptr) return;
  line.at(now.unix_ms);
  out.add(port::Send{ack.who, line.render(session->peer->form(), ack.label), port::FrameClass::Chat,
                     0, false});
}

void say_stored(SlashState& slash, port::Effects& out, const PendingAck& ack, port::Instant now) {
  irc::Line line(slash.options.server_name, "ACK");
  line.param(ack.message.target);
  line.acknowledged(ack.message.msgid, ack.message.seq);
  answer(slash, out, ack, std::move(line), now);
}

void say_not_stored(SlashState& slash, port::Effects& out, const PendingAck& ack,
                    port::Instant now) {
  note_given(slash, ack.command->replies, irc::Failure::NotStored);
  const auto& failure = irc::info(irc::Failure::NotStored);
  irc::Line line(slash.options.server_name, "FAIL");
  line.param(irc::upper(ack.command->name)).param(failure.code).trailing(failure.text);
  slash.counters.refuse(failure.code);
  answer(slash, out, ack, std::move(line), now);
}

}  // namespace

bool acks_wait(const SlashState& slash) {
  return slash.options.durable && slash.options.ack_stored;
}

void ack_when_stored(SlashState& slash, port::Effects& out, PendingAck ack, port::Instant now) {
  if (slash.pending_acks.size() >= MostPending) return say_not_stored(slash, out, ack, now);
  ack.batch = slash.write_behind.ask_for_batch();
  ack.due_ms = now.steady_ms + slash.options.ack_timeout_ms;
  slash.pending_acks.push_back(std::move(ack));
}

void tell_stored(SlashState& slash, port::Effects& out, port::Instant now) {
  const std::uint64_t last = slash.write_behind.last_stored();
  PendingAcks& all = slash.pending_acks;
  const auto is_told = [&](const PendingAck& ack) {
    const irc::Acknowledged& message = ack.message;
    const bool left_out = slash.write_behind.is_left_out(message.msgid);
    if (!left_out && !slash.write_behind.is_stored(slash.world, message)) return false;
    (left_out ? say_not_stored : say_stored)(slash, out, ack, now);
    return true;
  };
  // All entries after this one wait for the same or a later batch.
  const auto later = std::partition_point(
      all.begin(), all.end(), [last](const PendingAck& ack) { return ack.batch <= last; });
  all.erase(std::remove_if(all.begin(), later, is_told), later);
}

void tell_not_stored(SlashState& slash, port::Effects& out, port::Instant now) {
  PendingAcks& all = slash.pending_acks;
  while (!all.empty() && all.front().due_ms <= now.steady_ms) {
    say_not_stored(slash, out, all.front(), now);
    all.pop_front();
  }
}

std::optional<std::int64_t> acks_due_ms(const SlashState& slash) {
  if (slash.pending_acks.empty()) return std::nullopt;
  return slash.pending_acks.front().due_ms;
}

}  // namespace signaller::commands
