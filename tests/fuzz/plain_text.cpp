#include "tests/fuzz/plain_text.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>

namespace signaller::fuzz {
namespace {

/// The length of the valid code point at the beginning, or 0.
std::size_t valid_length(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return std::uint32_t{static_cast<unsigned char>(text[i])};
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >> 5U == 6 ? 2 : lead >> 4U == 14 ? 3 : lead >> 3U == 30 ? 4 : 0;
  if (length == 0 || length > text.size()) return 0;
  std::uint32_t code = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (byte(i) >> 6U != 2) return 0;
    code = code << 6U | (byte(i) & 0x3fU);
  }
  constexpr std::uint32_t Least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  return code < Least[length] || code > 0x10ffff || surrogate ? 0 : length;
}

void drop_ascii(std::string_view& text) {
  const auto* const end = std::find_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
}

bool is_word(std::string_view text) {
  return !text.empty() && text.find(' ') == std::string_view::npos;
}

std::string_view take_word(std::string_view& rest) {
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  return word;
}

bool is_verb(std::string_view verb) {
  const auto all = [verb](int (*is)(int)) {
    return std::all_of(verb.begin(), verb.end(),
                       [is](unsigned char c) { return is(c) != 0 && c < 0x80; });
  };
  return !verb.empty() && (all(std::isupper) || (verb.size() == 3 && all(std::isdigit)));
}

/// Whether the text has the form `key=value;key=value`, in which this server writes tags.
bool are_tags(std::string_view tags) {
  while (!tags.empty()) {
    const std::string_view tag = tags.substr(0, tags.find(';'));
    tags.remove_prefix(std::min(tags.size(), tag.size() + 1));
    const std::size_t equals = tag.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == tag.size()) return false;
    const std::string_view key = tag.substr(0, equals);
    if (key.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != std::string_view::npos) return false;
    if (tags.empty() && tag.data() + tag.size() != tags.data()) return false;  // ends in `;`
  }
  return true;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  while (drop_ascii(text), !text.empty()) {
    const std::size_t length = valid_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string made_valid(std::string_view text) {
  std::string out;
  for (;;) {
    const std::string_view before = text;
    drop_ascii(text);
    out += before.substr(0, before.size() - text.size());
    if (text.empty()) return out;
    const std::size_t length = valid_length(text);
    out += length == 0 ? std::string_view("?") : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
}

bool holds_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c == 0x7f) return true;
    if (c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) {
      return true;
    }
  }
  return false;
}

std::string line_fault(std::string_view line) {
  const auto fault = [line](std::string_view what) {
    return std::string(what) + ": " + std::string(line);
  };
  if (!is_valid_utf8(line)) return fault("a line that is no UTF-8");
  std::string_view rest = line;
  if (!rest.empty() && rest.front() == '@') {
    const std::string_view tags = take_word(rest).substr(1);
    if (tags.empty() || !are_tags(tags)) return fault("ill-formed tags");
  }
  if (rest.empty() || rest.front() != ':') return fault("a line without source");
  if (!is_word(take_word(rest).substr(1))) return fault("an empty source");
  if (!is_verb(take_word(rest))) return fault("a line without verb");
  while (!rest.empty() && rest.front() != ':') {
    const bool last = rest.find(' ') == std::string_view::npos;
    if (!is_word(take_word(rest))) return fault("an empty parameter");
    if (rest.empty() && !last) return fault("a space at the end");
  }
  return {};
}

}  // namespace signaller::fuzz
