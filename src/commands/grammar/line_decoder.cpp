#include "commands/grammar/line_decoder.hpp"

#include <algorithm>

namespace signaller::commands {
namespace {

constexpr std::string_view LabelStart = "@label=";

bool is_label_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

/// The label at the beginning of `line`; empty if the label is ill-formed.
std::string_view label_of(std::string_view line) {
  if (line.substr(0, LabelStart.size()) != LabelStart) return {};
  const std::size_t end = line.find(' ');
  if (end == std::string_view::npos) return {};
  const std::string_view label = line.substr(LabelStart.size(), end - LabelStart.size());
  const bool good = !label.empty() && label.size() <= MaxLabel &&
                    std::all_of(label.begin(), label.end(), is_label_char);
  return good ? label : std::string_view{};
}

}  // namespace

DecodedLine decode_line(std::string_view line) {
  DecodedLine decoded;
  std::size_t at = 0;
  if (!line.empty() && line.front() == '@') {
    decoded.label = label_of(line);
    if (decoded.label.empty()) {
      decoded.error = LineError::BadLabel;
      return decoded;
    }
    at = line.find_first_not_of(' ', LabelStart.size() + decoded.label.size());
    at = std::min(at, line.size());
  }
  if (at < line.size() && line[at] == '/') {
    ++at;
  } else {
    decoded.error = LineError::NotCommand;
  }
  decoded.rest = std::min(line.find(' ', at), line.size());
  decoded.name = line.substr(at, decoded.rest - at);
  return decoded;
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

}  // namespace signaller::commands
