#include "attack_reader.hpp"

#include <algorithm>

#include "server_line.hpp"
#include "websocket_frame.hpp"

namespace signaller::bench {
namespace {

constexpr std::string_view Version = "HTTP/1.1 ";
constexpr std::size_t StatusSize = 3;

std::string close_code(std::string_view payload) {
  if (payload.size() < 2) return "1005";
  return std::to_string(static_cast<unsigned char>(payload[0]) * 256 +
                        static_cast<unsigned char>(payload[1]));
}

/// Returns the code of `FAIL <command> <code> …` or `<numeric> …`.
std::string_view code_of(std::string_view message) {
  constexpr std::string_view Fail = "FAIL ";
  if (message.substr(0, Fail.size()) == Fail) {
    message.remove_prefix(Fail.size());
    message.remove_prefix(std::min(message.find(' ') + 1, message.size()));
  }
  return message.substr(0, message.find(' '));
}

}  // namespace

ParsedInput parse_response(std::string_view bytes) {
  ParsedInput parsed;
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return parsed;
  parsed.used = end + 4;
  const auto status = bytes.substr(Version.size(), StatusSize);
  parsed.switched = bytes.substr(0, Version.size()) == Version && status == "101";
  if (!parsed.switched) parsed.over = status;
  return parsed;
}

ParsedInput parse_frames(std::string_view bytes, Counts& refused) {
  ParsedInput parsed;
  while (const auto head = whole_frame(bytes.substr(parsed.used))) {
    const auto payload = bytes.substr(parsed.used + head->header, head->payload);
    parsed.used += head->size();
    if (head->opcode == Opcode::Close) {
      parsed.over = close_code(payload);
      return parsed;
    }
    const auto message = without_source(payload);
    if (head->opcode == Opcode::Text && is_refusal(message)) {
      ++refused[std::string(code_of(message))];
    }
  }
  return parsed;
}

}  // namespace signaller::bench
