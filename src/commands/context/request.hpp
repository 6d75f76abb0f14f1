// One line of a connection, from the gate to the last piece of its reply.
#pragma once

#include <string_view>

#include "commands/grammar/command.hpp"
#include "commands/session/slash_state.hpp"
#include "port/time.hpp"

namespace signaller::commands {

/// All references must outlive the request. If the reply continues in a later turn, the request of
/// that turn has the same `label` and `command`.
struct Request {
  SlashState& slash;
  Session& session;
  port::Instant now;
  std::string_view label;  ///< empty: no label
  const Command* command;  ///< null: the line names no command

  /// Whether the caller has described itself: then `session.peer` is not null.
  [[nodiscard]] bool described() const { return session.peer != nullptr; }
  /// Whether the caller is a server operator, and so an operator of every channel.
  [[nodiscard]] bool is_server_operator() const { return !session.operator_name.empty(); }
};

}  // namespace signaller::commands
