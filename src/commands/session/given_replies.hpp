// Compares the replies that commands give with the replies that they declare.
#pragma once

#include <cassert>
#include <map>

#include "commands/grammar/replies.hpp"
#include "commands/session/slash_state.hpp"

namespace signaller::commands {

/// The replies that were given, for each declaration: the `replies` of a command, or GateReplies.
/// Collected for tests only (SlashState::given_replies).
struct GivenReplies {
  std::map<const Replies*, Replies> by_declaration;
};

/// Must be called for each numeric, failure and note that a command gives. If a test collects
/// replies (`given_replies` is not null), this function adds the reply to them, and the test
/// compares them with the declarations later. If no test does, a debug build ends the process when
/// the reply is not declared.
template <class Reply>
void note_given(const SlashState& slash, const Replies& declared, Reply reply) {
  if (slash.given_replies != nullptr) {
    slash.given_replies->by_declaration.try_emplace(&declared).first->second.add(reply);
    return;
  }
  assert(declared.has(reply) && "the command does not declare this reply");
}

}  // namespace signaller::commands
