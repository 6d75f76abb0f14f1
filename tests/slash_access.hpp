// Access to the state of the slash protocol, for tests that compare it with what clients know.
#pragma once

#include <memory>

#include "commands/session/slash_state.hpp"
#include "commands/slash_protocol.hpp"

namespace signaller::tests {

/// Returns the state of a protocol, which is private in production code.
commands::SlashState& slash_state_of(commands::SlashProtocol& protocol);

/// The resources that a protocol gets from its process, for tests with a single protocol.
struct SlashParts {
  SlashParts(port::Random& random, const port::KeyedHash& hash)
      : resources{topics, costs, random, hash} {}
  port::TopicNumbers topics;
  port::AddressCosts costs;
  irc::World world{topics};
  port::Resources resources;
};

/// A protocol with a world of its own, which lives as long as the protocol.
std::shared_ptr<commands::SlashProtocol> make_slash(commands::Options options, port::Random& random,
                                                    const port::KeyedHash& hash);

}  // namespace signaller::tests
