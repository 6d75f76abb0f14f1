#include "tests/commands/received_line.hpp"

#include <nlohmann/json.hpp>

namespace signaller::tests {
namespace {

std::string_view take_word(std::string_view& rest) {
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  return word;
}

void read_tags(ReceivedLine& line, std::string_view tags) {
  while (!tags.empty()) {
    const std::string_view tag = tags.substr(0, tags.find(';'));
    tags.remove_prefix(std::min(tags.size(), tag.size() + 1));
    const std::string_view name = tag.substr(0, tag.find('='));
    const std::string value(tag.substr(std::min(tag.size(), name.size() + 1)));
    if (name == "label") line.label = value;
    if (name == "seq") line.seq = std::stoull(value);
  }
}

}  // namespace

ReceivedLine take_apart(std::string_view text) {
  ReceivedLine line;
  if (text.substr(0, 1) == "@") read_tags(line, take_word(text).substr(1));
  std::string_view source = take_word(text).substr(1);
  const std::size_t bang = source.find('!');
  if (bang != std::string_view::npos) {
    line.nick = source.substr(0, bang);
    source.remove_prefix(bang + 1);
  }
  line.source = source;
  line.verb = take_word(text);
  while (!text.empty()) {
    if (text.front() == ':') {
      line.params.emplace_back(text.substr(1));
      break;
    }
    line.params.emplace_back(take_word(text));
  }
  return line;
}

std::string json_text(std::string_view json, std::string_view member) {
  const auto read = nlohmann::json::parse(json);
  const auto found = read.find(std::string(member));
  return found != read.end() && found->is_string() ? found->get<std::string>() : std::string();
}

ReceivedPosition read_position(std::string_view text) {
  const std::size_t colon = text.find(':');
  return {std::string(text.substr(0, colon)), std::stoull(std::string(text.substr(colon + 1)))};
}

}  // namespace signaller::tests
