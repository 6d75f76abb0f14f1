// This folder holds text of the protocol: valid text, names and ids, the texts of replies, JSON.
// Code here must not know peers, channels or the world. All of it is values and pure functions, for
// any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaller::irc {

/// The offset in bytes of the first control character that a line must not contain: C0, DEL and C1
/// (U+0080 to U+009F), except TAB and IRC's formatting codes (02 03 04 0F 11 16 1D 1E 1F). Control
/// characters could drive the terminal of an administrator. `text` is valid UTF-8.
std::optional<std::size_t> find_forbidden(std::string_view text);

/// Whether the text contains a character that names must not contain: a control character, TAB or a
/// formatting code.
bool has_control(std::string_view text);

/// Whether the text is valid UTF-8 (RFC 3629): no surrogate, no overlong or truncated sequence.
bool is_utf8(std::string_view text);

/// The longest prefix of at most `bytes` bytes that does not end within a code point.
std::string_view cut_utf8(std::string_view text, std::size_t bytes);

constexpr char fold(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
/// Turns ASCII letters to lower case, and no other character.
std::string fold(std::string_view text);
/// Turns ASCII letters to upper case, and no other character.
std::string upper(std::string_view text);

/// Hash and equality of names after ASCII folding, without a folded copy.
struct FoldedHash {
  std::size_t operator()(std::string_view text) const noexcept;
};
struct FoldedEqual {
  bool operator()(std::string_view a, std::string_view b) const noexcept;
};

/// Parses a whole text as a decimal number of at most 64 bits, without sign.
std::optional<std::uint64_t> parse_number(std::string_view text);

/// Compares passwords or tokens. The duration depends on the lengths only.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace signaller::irc
