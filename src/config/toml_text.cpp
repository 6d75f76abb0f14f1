#include "config/toml_text.hpp"

#include <algorithm>

namespace signaller {
namespace {

bool begins(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

/// Returns the length of the quoted text at the beginning of `text`.
std::size_t quoted_length(std::string_view text) {
  const char quote = text.front();
  const std::string_view three = quote == '"' ? R"(""")" : "'''";
  const bool lines = begins(text, three);
  const std::string_view end = lines ? three : three.substr(0, 1);
  for (std::size_t i = end.size(); i < text.size(); ++i) {
    if (!lines && text[i] == '\n') return i;
    if (begins(text.substr(i), end)) return i + end.size();
    if (quote == '"' && text[i] == '\\') ++i;
  }
  return text.size();
}

/// Returns the length of the quoted text or comment at the beginning of `text`; 0: the text begins
/// with neither.
std::size_t free_length(std::string_view text) {
  if (text.front() == '"' || text.front() == '\'') return quoted_length(text);
  return text.front() == '#' ? std::min(text.find('\n'), text.size()) : 0;
}

bool is_plain(char c) {
  return (c >= ' ' && c < '\x7f') || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

void toml_breach() {
  throw TomlBreach("this is not TOML");
}

std::size_t odd_line(std::string_view text) {
  if (begins(text, "\xef\xbb\xbf")) text.remove_prefix(3);  // a byte order mark
  std::size_t line = 1;
  while (!text.empty()) {
    const std::size_t length = free_length(text);
    if (length == 0 && !is_plain(text.front())) return line;
    const std::string_view part = text.substr(0, std::max<std::size_t>(length, 1));
    line += static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
    text.remove_prefix(part.size());
  }
  return 0;
}

}  // namespace signaller
