// Compares the replies that commands give with the replies that they declare.
#pragma once

#include <cassert>
#include <map>

#include "commands/grammar/replies.hpp"
#include "commands/session/slash_state.hpp"

namespace signaller::commands {

/// The given replies, by the declaration that allows them: that of a command, or the gate's own.
/// Collected for tests only (SlashState::given_replies).
struct GivenReplies {
  std::map<const Replies*, Replies> by_declaration;
};

/// Call for each numeric, failure and note. A debug build ends the process if the reply is not
/// declared, unless a test collects the replies: the test compares them and names the command.
template <class Reply>
void note_given(const SlashState& slash, const Replies& declared, Reply reply) {
  if (slash.given_replies != nullptr) {
    slash.given_replies->by_declaration.try_emplace(&declared).first->second.add(reply);
    return;
  }
  assert(declared.has(reply) && "the command does not declare this reply");
}

}  // namespace signaller::commands
