#include "tests/slash_access.hpp"

#include <utility>

namespace signaller::tests {
namespace {

/// Gives access to a private member: C++ lets an explicit template instantiation name one.
template <auto Member>
struct Opened {
  friend commands::SlashState& reach(commands::SlashProtocol& protocol) {
    return *(protocol.*Member);
  }
};
commands::SlashState& reach(commands::SlashProtocol& protocol);
template struct Opened<&commands::SlashProtocol::slash_>;

struct SlashAlone {
  SlashAlone(commands::Options options, port::Random& random, const port::KeyedHash& hash)
      : parts(random, hash), protocol(std::move(options), parts.resources, parts.world) {}
  SlashParts parts;
  commands::SlashProtocol protocol;
};

}  // namespace

commands::SlashState& slash_state_of(commands::SlashProtocol& protocol) {
  return reach(protocol);
}

std::shared_ptr<commands::SlashProtocol> make_slash(commands::Options options, port::Random& random,
                                                    const port::KeyedHash& hash) {
  const auto alone = std::make_shared<SlashAlone>(std::move(options), random, hash);
  return {alone, &alone->protocol};
}

}  // namespace signaller::tests
