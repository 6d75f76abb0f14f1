#include "tests/slash_access.hpp"

namespace signaller::tests {
namespace {

/// An explicit instantiation may name a private member, which gives access to it.
template <auto Member>
struct Opened {
  friend commands::SlashState& reach(commands::SlashProtocol& protocol) {
    return *(protocol.*Member);
  }
};
commands::SlashState& reach(commands::SlashProtocol& protocol);
template struct Opened<&commands::SlashProtocol::slash_>;

}  // namespace

commands::SlashState& slash_state_of(commands::SlashProtocol& protocol) {
  return reach(protocol);
}

}  // namespace signaller::tests
