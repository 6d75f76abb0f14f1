// The CHANNEL line: for /join and /whois #channel.
#pragma once

#include "commands/context/context.hpp"

namespace signaller::commands {

/// `:<server> CHANNEL #channel <epoch>:<seq> :<public json>`
inline irc::Line channel_line(const Context& ctx, const irc::Channel& channel) {
  const std::string position = irc::position_text(channel.epoch(), channel.seq());
  return ctx.server_line("CHANNEL")
      .param(channel.name())
      .param(position)
      .trailing(irc::public_json(channel));
}

}  // namespace signaller::commands
