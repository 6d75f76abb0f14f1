#include "attack_reader.hpp"

#include <algorithm>

#include "line.hpp"
#include "wire.hpp"

namespace signaller::bench {
namespace {

constexpr std::string_view Version = "HTTP/1.1 ";
constexpr std::size_t StatusSize = 3;

std::string close_code(std::string_view payload) {
  if (payload.size() < 2) return "1005";
  return std::to_string(static_cast<unsigned char>(payload[0]) * 256 +
                        static_cast<unsigned char>(payload[1]));
}

/// `FAIL <command> <code> …` or `<numeric> …`: the code.
std::string_view code_of(std::string_view message) {
  constexpr std::string_view Fail = "FAIL ";
  if (message.substr(0, Fail.size()) == Fail) {
    message.remove_prefix(Fail.size());
    message.remove_prefix(std::min(message.find(' ') + 1, message.size()));
  }
  return message.substr(0, message.find(' '));
}

}  // namespace

BarrierReached hear_answer(std::string_view bytes) {
  BarrierReached heard;
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return heard;
  heard.used = end + 4;
  const auto status = bytes.substr(Version.size(), StatusSize);
  heard.switched = bytes.substr(0, Version.size()) == Version && status == "101";
  if (!heard.switched) heard.over = status;
  return heard;
}

BarrierReached hear_frames(std::string_view bytes, Counts& refused) {
  BarrierReached heard;
  while (const auto head = whole_frame(bytes.substr(heard.used))) {
    const auto payload = bytes.substr(heard.used + head->header, head->payload);
    heard.used += head->size();
    if (head->opcode == Opcode::Close) {
      heard.over = close_code(payload);
      return heard;
    }
    const auto message = without_source(payload);
    if (head->opcode == Opcode::Text && is_refusal(message)) {
      ++refused[std::string(code_of(message))];
    }
  }
  return heard;
}

}  // namespace signaller::bench
