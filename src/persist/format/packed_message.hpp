// A kept message as one text, so that half a million messages load fast:
//   <unix ms> <msgid> <from or -> <length of label> <length of name> <label><name><line>
// Lengths are in bytes. label, name and line may contain any bytes; msgid and from are
// percent-encoded.
#pragma once

#include <string>
#include <string_view>

#include "port/records.hpp"

namespace signaller::persist {

/// Packs all members except `seq`, which is in the entry id.
std::string pack(const port::KeptMessage& message);

/// Unpacks all members except `seq`. Returns false if the text is malformed; `out` is then
/// unspecified.
[[nodiscard]] bool unpack(std::string_view packed, port::KeptMessage& out);

}  // namespace signaller::persist
