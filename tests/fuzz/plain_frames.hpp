// Frames of a client, read by the letter of RFC 6455 §5 and without any care for speed: what the
// production reader is compared with.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "net/http/codec.hpp"

namespace signaller::fuzz {

/// What a client said, and with which code it was refused to be heard further; 0: it was not.
struct BarrierReached {
  std::vector<net::Message> messages;
  std::uint16_t close_code = 0;
  std::uint16_t also = 0;  ///< another code that the RFC leaves open
};

/// @param limit  bytes of a message, all its fragments together
BarrierReached read_plainly(std::string_view bytes, std::size_t limit);

}  // namespace signaller::fuzz
