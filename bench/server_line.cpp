#include "server_line.hpp"

#include <algorithm>

namespace signaller::bench {
namespace {

/// The length of the first word with the space after it.
std::size_t word_and_space(std::string_view line) {
  return std::min(line.find(' '), line.size() - 1) + 1;
}

}  // namespace

std::string_view without_tags(std::string_view line) {
  if (!line.empty() && line.front() == '@') line.remove_prefix(word_and_space(line));
  return line;
}

std::string_view without_source(std::string_view line) {
  line = without_tags(line);
  if (!line.empty() && line.front() == ':') line.remove_prefix(word_and_space(line));
  return line;
}

bool is_refusal(std::string_view message) {
  if (message.substr(0, 5) == "FAIL ") return true;
  const bool error = message.size() > 3 && message[3] == ' ' &&
                     (message.front() == '4' || message.front() == '5') &&
                     message.find_first_not_of("0123456789") == 3;
  return error && message.substr(0, 3) != "422";  // 422: no message of the day
}

}  // namespace signaller::bench
