// A plain reader of a client's frames: it follows RFC 6455 §5 literally and without care for speed.
// The production reader is compared with it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "net/http/codec.hpp"

namespace signaller::fuzz {

/// The messages in a client's bytes, and the close code; code 0: the bytes were not refused.
struct ReadMessages {
  std::vector<net::Message> messages;
  std::uint16_t close_code = 0;
  std::uint16_t also = 0;  ///< another close code that the RFC allows
};

/// @param limit  maximum bytes of a message, with all its fragments
ReadMessages read_plainly(std::string_view bytes, std::size_t limit);

}  // namespace signaller::fuzz
