// The one way in: known, described, arity, cost, and only then the command.
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

/// Does one line of a session, whole or not at all.
void run_line(SlashState& slash, Session& session, std::string_view line, port::Instant now,
              port::Effects& out);

/// Does the lines of a frame. While a long reply is under way the rest waits in the session.
void run_lines(SlashState& slash, Session& session, std::string_view text, port::Instant now,
               port::Effects& out);

/// The next piece of a session's long reply, and with its end the lines that waited for it.
void resume_reply(SlashState& slash, Session& session, port::Instant now, port::Effects& out);

}  // namespace signaller::commands
