#include "websocket_frame.hpp"

namespace signaller::bench {
namespace {

constexpr std::array<char, 4> Key{0x37, 0x7a, 0x21, 0x3d};

std::size_t big_endian(std::string_view bytes) {
  std::size_t value = 0;
  for (const char byte : bytes) value = (value << 8U) | static_cast<unsigned char>(byte);
  return value;
}

void append_head(std::string& out, Opcode opcode, std::size_t size, unsigned masked) {
  out.push_back(static_cast<char>(0x80U | static_cast<unsigned>(opcode)));
  const unsigned long_form = size < 126 ? 0 : size < 65'536 ? 2 : 8;
  const std::size_t small = long_form == 0 ? size : long_form == 2 ? 126 : 127;
  out.push_back(static_cast<char>(masked | small));
  for (unsigned left = long_form; left > 0; --left) {
    out.push_back(static_cast<char>((size >> (8U * (left - 1))) & 0xffU));
  }
}

}  // namespace

std::optional<FrameHeader> whole_frame(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  FrameHeader head;
  head.opcode = static_cast<Opcode>(static_cast<unsigned char>(bytes[0]) & 0x0fU);
  const auto second = static_cast<unsigned char>(bytes[1]);
  head.masked = (second & 0x80U) != 0;
  head.payload = second & 0x7fU;
  const std::size_t more = head.payload == 126 ? 2 : head.payload == 127 ? 8 : 0;
  head.header = 2 + more + (head.masked ? 4 : 0);
  if (bytes.size() < head.header) return std::nullopt;
  if (more != 0) head.payload = big_endian(bytes.substr(2, more));
  if (head.masked) bytes.copy(head.key.data(), 4, 2 + more);
  if (bytes.size() - head.header < head.payload) return std::nullopt;
  return head;
}

void mask(char* payload, std::size_t size, const std::array<char, 4>& key) {
  for (std::size_t i = 0; i < size; ++i) {
    payload[i] = static_cast<char>(payload[i] ^ key[i % 4]);
  }
}

void append_frame(std::string& out, Opcode opcode, std::string_view payload) {
  append_head(out, opcode, payload.size(), 0);
  out.append(payload);
}

void append_masked(std::string& out, Opcode opcode, std::string_view payload) {
  append_head(out, opcode, payload.size(), 0x80);
  out.append(Key.data(), Key.size());
  const std::size_t begin = out.size();
  out.append(payload);
  mask(out.data() + begin, payload.size(), Key);
}

}  // namespace signaller::bench
