#include "irc/text/text.hpp"

#include <utf8.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace signaller::irc {
namespace {

enum class Kind : std::uint8_t { Plain, Formatting, Control, MaybeC1 };

constexpr std::array<Kind, 256> make_kinds() {
  std::array<Kind, 256> kinds{};
  for (std::size_t i = 0; i < 0x20; ++i) kinds[i] = Kind::Control;
  constexpr std::array<std::size_t, 10> Formatting{0x02, 0x03, 0x04, 0x09, 0x0f,
                                                   0x11, 0x16, 0x1d, 0x1e, 0x1f};
  for (const std::size_t c : Formatting) kinds[c] = Kind::Formatting;
  kinds[0x7f] = Kind::Control;
  kinds[0xc2] = Kind::MaybeC1;  // the first byte of U+0080 to U+00BF
  return kinds;
}
constexpr auto Kinds = make_kinds();

unsigned char byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

bool is_continuation(std::string_view text, std::size_t i) {
  return i < text.size() && (byte_at(text, i) & 0xc0U) == 0x80U;
}

/// The offset of the first control character. With `formatting_too`, formatting codes count as
/// well.
std::optional<std::size_t> find_control(std::string_view text, bool formatting_too) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (Kinds[byte_at(text, i)]) {
      case Kind::Plain:
        break;
      case Kind::Formatting:
        if (formatting_too) return i;
        break;
      case Kind::Control:
        return i;
      case Kind::MaybeC1:
        if (i + 1 < text.size() && byte_at(text, i + 1) < 0xa0U) return i;
        break;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> find_forbidden(std::string_view text) {
  return find_control(text, false);
}

bool has_control(std::string_view text) {
  return find_control(text, true).has_value();
}

bool is_utf8(std::string_view text) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80U; };
  // Most text is ASCII: this search takes a fifth of the time that the library takes for it.
  const auto* rest = std::find_if_not(text.begin(), text.end(), is_ascii);
  return utf8::is_valid(rest, text.end());
}

std::string_view cut_utf8(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && is_continuation(text, bytes)) --bytes;
  return text.substr(0, bytes);
}

std::string fold(std::string_view text) {
  std::string folded(text);
  for (char& c : folded) c = fold(c);
  return folded;
}

std::string upper(std::string_view text) {
  std::string raised(text);
  for (char& c : raised) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return raised;
}

std::size_t FoldedHash::operator()(std::string_view text) const noexcept {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(fold(c))) * 0x100000001b3ULL;
  }
  return hash;
}

bool FoldedEqual::operator()(std::string_view a, std::string_view b) const noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (fold(a[i]) != fold(b[i])) return false;
  }
  return true;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  unsigned differ = a.size() == b.size() ? 0U : 1U;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    differ |= static_cast<unsigned>(byte_at(a, i) ^ byte_at(b, i));
  }
  return differ == 0;
}

}  // namespace signaller::irc
