// The bytes of a client's frames, including frames that no client may send (RFC 6455 §5.2).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace signaller::net {

namespace op {
constexpr unsigned Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10;
}  // namespace op

/// One frame; by default final, masked, with the shortest form of its length.
class Framed {
 public:
  Framed(unsigned opcode, std::string_view payload) : opcode_(opcode), payload_(payload) {}

  Framed& unfinished() { return final_ = false, *this; }
  /// @param bits  RSV1 is 4, RSV2 2, RSV3 1
  Framed& reserved(unsigned bits) { return reserved_ = bits, *this; }
  Framed& unmasked() { return masked_ = false, *this; }
  Framed& key(std::string_view four) { return key_ = four, *this; }
  /// @param bytes  size of the length field: 0 (within the second byte), 2 or 8
  Framed& length_in(int bytes) { return length_bytes_ = bytes, *this; }
  /// Sets the length in the header, independent of the payload.
  Framed& claims(std::uint64_t length) { return claimed_ = length, *this; }

  operator std::string() const {  // NOLINT: implicit conversion intended
    const std::uint64_t length = claimed_.value_or(payload_.size());
    const int bytes = length_bytes_.value_or(length < 126 ? 0 : length < 65'536 ? 2 : 8);
    const std::uint64_t short_length = bytes == 0 ? length : bytes == 2 ? 126 : 127;
    std::string out{static_cast<char>((final_ ? 0x80U : 0U) | reserved_ << 4U | opcode_),
                    static_cast<char>((masked_ ? 0x80U : 0U) | short_length)};
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out += static_cast<char>((length >> static_cast<unsigned>(shift)) & 0xffU);
    }
    if (!masked_) return out + payload_;
    out += key_;
    for (std::size_t i = 0; i < payload_.size(); ++i) {
      out += static_cast<char>(payload_[i] ^ key_[i % 4]);
    }
    return out;
  }

 private:
  unsigned opcode_;
  std::string payload_;
  bool final_ = true;
  unsigned reserved_ = 0;
  bool masked_ = true;
  std::string key_ = "\x37\xfa\x21\x3d";
  std::optional<int> length_bytes_;
  std::optional<std::uint64_t> claimed_;
};

inline std::string all(std::initializer_list<std::string> parts) {
  std::string out;
  for (const std::string& part : parts) out += part;
  return out;
}

inline Framed text(std::string_view payload) {
  return {op::Text, payload};
}
inline Framed binary(std::string_view payload) {
  return {op::Binary, payload};
}
inline Framed ping(std::string_view payload) {
  return {op::Ping, payload};
}
/// The first fragment of a text.
inline Framed first(std::string_view payload) {
  return text(payload).unfinished();
}
inline Framed next(std::string_view payload) {
  return Framed(op::Continuation, payload).unfinished();
}
inline Framed last(std::string_view payload) {
  return {op::Continuation, payload};
}
inline Framed close(unsigned code, std::string_view reason = {}) {
  std::string payload{static_cast<char>(code >> 8U), static_cast<char>(code & 0xffU)};
  return {op::Close, payload.append(reason)};
}

/// Converts hexadecimal digits to bytes; ignores spaces.
inline std::string hex(std::string_view digits) {
  std::string out;
  std::string pair;
  for (const char digit : digits) {
    if (digit == ' ') continue;
    pair += digit;
    if (pair.size() < 2) continue;
    out += static_cast<char>(std::stoi(pair, nullptr, 16));
    pair.clear();
  }
  return out;
}

/// Returns the text of a frame for Peer::hear(). A long payload becomes its length and a hash.
inline std::string word(std::string_view what, std::string_view payload) {
  std::string out(what);
  constexpr std::size_t Long = 200;
  if (payload.size() > Long) {
    return out + " of " + std::to_string(payload.size()) + " bytes #" +
           std::to_string(std::hash<std::string_view>{}(payload));
  }
  return payload.empty() ? out : (out += ' ').append(payload);
}

}  // namespace signaller::net
