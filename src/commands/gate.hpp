// The gate: checks that a command is known, allowed, well-formed and paid for, then runs it.
#pragma once

#include <string_view>

#include "commands/grammar/replies.hpp"
#include "commands/session/slash_state.hpp"
#include "port/effects.hpp"

namespace signaller::commands {

/// The replies that the gate itself may give to any line.
inline constexpr Replies GateReplies{
    irc::Reply::TooLong,        irc::Reply::NotACommand,        irc::Reply::UnknownCommand,
    irc::Reply::NotDescribed,   irc::Reply::NotServerOperator,  irc::Reply::WrongArity,
    irc::Failure::InvalidLabel, irc::Failure::InvalidCharacter, irc::Failure::RateLimited};

/// Runs one line of a session, completely or not at all.
void run_line(SlashState& slash, Session& session, std::string_view line, port::Instant now,
              port::Effects& out);

/// Runs the lines of a frame. While a long reply is under way, the remaining lines wait in the
/// session.
void run_lines(SlashState& slash, Session& session, std::string_view text, port::Instant now,
               port::Effects& out);

/// Sends the next piece of a long reply. At its end, runs the lines that waited for its end.
void resume_reply(SlashState& slash, Session& session, port::Instant now, port::Effects& out);

}  // namespace signaller::commands
