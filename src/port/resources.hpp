// The parts that the application lends to every protocol of the process.
#pragma once

#include "port/address_costs.hpp"
#include "port/keyed_hash.hpp"
#include "port/time.hpp"
#include "port/topic_numbers.hpp"

namespace signaller::port {

/// References to the parts that exist once in the process. All of them outlive the protocols, and
/// are used on the core's thread only.
struct Resources {
  TopicNumbers& topics;
  AddressCosts& costs;
  Random& random;
  const KeyedHash& hash;
};

}  // namespace signaller::port
