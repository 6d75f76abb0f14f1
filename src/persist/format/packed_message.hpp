// A kept message as one text, so that half a million of them load fast:
//   <unix ms> <msgid> <from or -> <length of label> <length of name> <label><name><line>
// The lengths are bytes; label, name and line may hold any. Others of msgid and from are escaped.
#pragma once

#include <string>
#include <string_view>

#include "port/records.hpp"

namespace signaller::persist {

/// All but its `seq`, which is where it is stored.
std::string pack(const port::KeptMessage& message);

/// Fills all but `seq`. False: it is no packed message, and `out` is of no use.
[[nodiscard]] bool unpack(std::string_view packed, port::KeptMessage& out);

}  // namespace signaller::persist
