// WebSocket frames (RFC 6455 §5.2) for the benchmarks: whole text messages and control frames, no
// fragments. Not for use with untrusted input.
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
  std::size_t header = 0;   ///< size of the header in bytes
  std::size_t payload = 0;  ///< size of the payload in bytes

  [[nodiscard]] std::size_t size() const { return header + payload; }
};

/// Returns the header of the first frame in `bytes`, if the frame is complete.
std::optional<FrameHeader> whole_frame(std::string_view bytes);

/// Masks or unmasks the payload in place.
void mask(char* payload, std::size_t size, const std::array<char, 4>& key);

/// Appends a frame as a server sends it.
void append_frame(std::string& out, Opcode opcode, std::string_view payload);
/// Appends a frame as a client sends it. The masking key is always the same, which does not change
/// the cost for the server.
void append_masked(std::string& out, Opcode opcode, std::string_view payload);

}  // namespace signaller::bench
