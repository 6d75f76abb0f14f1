// Checks text without the code that is under test.
#pragma once

#include <string>
#include <string_view>

namespace signaller::fuzz {

/// Whether the text is UTF-8 (RFC 3629); decodes each code point.
bool is_valid_utf8(std::string_view text);
/// The same text, with `?` for each byte that is not part of valid UTF-8.
std::string made_valid(std::string_view text);
/// Whether the text contains control characters: C0, DEL or C1.
bool holds_control(std::string_view text);

/// Checks that a line of the server has the form `[@tags ]:<source> <verb> <params>[ :<trailing>]`
/// (RFC 1459 §2.3.1, IRCv3 message-tags). Returns the error; empty: none.
std::string line_fault(std::string_view line);

}  // namespace signaller::fuzz
