// Sends the welcome after the first /descp.
#pragma once

#include <string_view>

#include "commands/context/context.hpp"

namespace signaller::commands {

constexpr Replies MotdReplies{irc::Reply::MotdStart, irc::Reply::MotdLine, irc::Reply::EndOfMotd,
                              irc::Reply::NoMotd};
constexpr Replies WelcomeReplies{MotdReplies, irc::Reply::Welcome, irc::Reply::ServerInfo,
                                 irc::Reply::Supported};

/// Sends 001, 004, 005, SESSION, and the message of the day.
/// @param how  `new`, `resumed` or `returned`
void welcome(Context& ctx, Effects& out, std::string_view secret, std::string_view how);
/// Sends 375, 372 and 376, or 422.
void message_of_the_day(Context& ctx, Effects& out);

}  // namespace signaller::commands
