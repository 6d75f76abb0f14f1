// WebSocket frames (RFC 6455 §5.2), just enough for both ends of a benchmark: whole text messages
// and control frames, no fragments. Not for anything that faces strangers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaller::bench {

enum class Opcode : std::uint8_t { Text = 1, Close = 8, Ping = 9, Pong = 10 };

struct FrameHeader {
  Opcode opcode = Opcode::Text;
  bool masked = false;
  std::array<char, 4> key{};
  std::size_t header = 0;   ///< bytes before the payload
  std::size_t payload = 0;  ///< bytes of the payload

  [[nodiscard]] std::size_t size() const { return header + payload; }
};

/// The frame that `bytes` begin with, if all of it is there.
std::optional<FrameHeader> whole_frame(std::string_view bytes);

/// Takes the mask off (or puts it on), in place.
void mask(char* payload, std::size_t size, const std::array<char, 4>& key);

/// As a server sends it.
void append_frame(std::string& out, Opcode opcode, std::string_view payload);
/// As a client sends it: masked, always with the same key, which costs the server just as much.
void append_masked(std::string& out, Opcode opcode, std::string_view payload);

}  // namespace signaller::bench
