// Text as it comes from clients: which characters are refused, where it may be cut, how names
// are compared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaller::irc {

/// The offset in bytes of the first control character that no line may hold: C0, DEL and C1
/// (U+0080 to U+009F), but TAB and IRC's formatting codes (02 03 04 0F 11 16 1D 1E 1F).
/// They would reach an administrator's terminal. `text` is valid UTF-8.
std::optional<std::size_t> find_forbidden(std::string_view text);

/// Whether any control character is in it, TAB and formatting codes too: for names.
bool has_control(std::string_view text);

/// Whether it is UTF-8 as RFC 3629 says: no surrogates, nothing overlong, nothing cut short.
bool is_utf8(std::string_view text);

/// The longest beginning of at most `bytes` bytes that does not end within a code point.
std::string_view cut_utf8(std::string_view text, std::size_t bytes);

constexpr char fold(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
/// ASCII letters to lower case; everything else stays.
std::string fold(std::string_view text);
/// ASCII letters to upper case; everything else stays.
std::string upper(std::string_view text);

/// Names are compared after ASCII folding; these two do it on the way, without a copy.
struct FoldedHash {
  std::size_t operator()(std::string_view text) const noexcept;
};
struct FoldedEqual {
  bool operator()(std::string_view a, std::string_view b) const noexcept;
};

/// A decimal number without sign that fits 64 bits, or nothing.
std::optional<std::uint64_t> parse_number(std::string_view text);

/// Compares in a time that depends on the lengths only: for passwords and tokens.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace signaller::irc
