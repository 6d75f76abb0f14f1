// One line of a connection: from the gate to the last piece of its reply.
#pragma once

#include <string_view>

#include "commands/grammar/command.hpp"
#include "commands/session/slash_state.hpp"
#include "port/time.hpp"

namespace signaller::commands {

/// Everything it refers to outlives it. `label` and `command` are those of the line also when its
/// reply goes on in a later turn.
struct Request {
  SlashState& slash;
  Session& session;
  port::Instant now;
  std::string_view label;  ///< empty: none
  const Command* command;  ///< null: the line names no command

  /// Whether the caller has described itself: then `session.peer` is not null.
  [[nodiscard]] bool described() const { return session.peer != nullptr; }
  /// Whether the caller is a server operator, which makes it an operator of every channel.
  [[nodiscard]] bool is_server_operator() const { return !session.operator_name.empty(); }
};

}  // namespace signaller::commands
