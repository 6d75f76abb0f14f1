// Judges text without the code that is under test.
#pragma once

#include <string>
#include <string_view>

namespace signaller::fuzz {

/// Whether it is UTF-8 (RFC 3629), by decoding each code point.
bool is_valid_utf8(std::string_view text);
/// The same text, with `?` for each byte that is not part of valid UTF-8.
std::string made_valid(std::string_view text);
/// Whether a terminal would act on it: C0, DEL, C1.
bool holds_control(std::string_view text);

/// `[@tags ]:<source> <verb> <params>[ :<trailing>]` (RFC 1459 §2.3.1, IRCv3 message-tags): what is
/// wrong with a line of the server; empty: nothing.
std::string line_fault(std::string_view line);

}  // namespace signaller::fuzz
