#include "tests/core_of.hpp"

namespace signaller::tests {
namespace {

/// An explicit instantiation may name a private member: so it is reached.
template <auto Member>
struct Opened {
  friend commands::Core& reach(commands::SlashProtocol& protocol) { return *(protocol.*Member); }
};
commands::Core& reach(commands::SlashProtocol& protocol);
template struct Opened<&commands::SlashProtocol::core_>;

}  // namespace

commands::Core& core_of(commands::SlashProtocol& protocol) {
  return reach(protocol);
}

}  // namespace signaller::tests
