#include "tests/fuzz/plain_frames.hpp"

#include <string>

#include "tests/fuzz/plain_text.hpp"

namespace signaller::fuzz {
namespace {

constexpr std::uint16_t ProtocolError = 1002;
constexpr std::uint16_t NotUtf8 = 1007;
constexpr std::uint16_t TooBig = 1009;

struct Header {
  unsigned opcode = 0;
  bool fin = false;
  bool control = false;
  bool masked = false;
  std::uint64_t length = 0;
  std::string_view mask;
};

unsigned byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

/// Whether the text so far can still become UTF-8: the next bytes may complete a code point.
bool can_become_utf8(const std::string& text) {
  for (const std::string_view end : {"", "\x80", "\xa0", "\x90", "\x80\x80", "\xa0\x80", "\x90\x80",
                                     "\x80\x80\x80", "\x90\x80\x80"}) {
    if (is_valid_utf8(text + std::string(end))) return true;
  }
  return false;
}

class PlainReader {
 public:
  PlainReader(std::string_view bytes, std::size_t limit) : rest_(bytes), limit_(limit) {}

  ReadMessages read() {
    while (heard_.close_code == 0 && read_frame()) continue;
    return std::move(heard_);
  }

 private:
  bool fail(std::uint16_t code) {
    heard_.close_code = code;
    return false;
  }

  /// Reads one frame. Returns false if the frame is incomplete or refused.
  bool read_frame() {
    if (rest_.size() < 2) return false;
    Header header;
    header.fin = byte_at(rest_, 0) >> 7U != 0;
    header.opcode = byte_at(rest_, 0) & 15U;
    header.control = header.opcode >= 8;
    header.length = byte_at(rest_, 1) & 127U;
    if (!is_allowed(header)) return fail(ProtocolError);
    if (!read_length(header)) return false;
    if (rest_.size() < 4) return false;
    header.mask = rest_.substr(0, 4);
    rest_.remove_prefix(4);
    return read_payload(header);
  }

  /// Checks flags and opcode (RFC 6455 §5.2, §5.4, §5.5).
  [[nodiscard]] bool is_allowed(const Header& header) const {
    const bool reserved_bits = (byte_at(rest_, 0) & 0x70U) != 0;
    const bool masked = (byte_at(rest_, 1) & 128U) != 0;
    const bool known = header.opcode <= 2 || (header.opcode >= 8 && header.opcode <= 10);
    if (reserved_bits || !masked || !known) return false;
    if (header.control) return header.fin && header.length <= 125;
    return (header.opcode == 0) == under_way_;
  }

  bool read_length(Header& header) {
    const std::size_t more = header.length == 126 ? 2 : header.length == 127 ? 8 : 0;
    // Like the production reader, this reader checks the size when the whole header, with its mask,
    // has arrived.
    if (rest_.size() < 2 + more + 4) return false;
    rest_.remove_prefix(2);
    if (more > 0) {
      header.length = 0;
      for (std::size_t i = 0; i < more; ++i)
        header.length = header.length << 8U | byte_at(rest_, i);
      rest_.remove_prefix(more);
      if (header.length < (more == 2 ? 126U : 65'536U)) return fail(ProtocolError);
      if (header.length >> 63U != 0) heard_.also = ProtocolError;
    }
    const std::uint64_t room = limit_ - text_.size();
    if (!header.control && header.length > room) return fail(TooBig);
    return true;
  }

  bool read_payload(const Header& header) {
    const bool text = header.opcode == 1 || (header.opcode == 0 && opcode_ == net::Opcode::Text);
    if (!header.control && header.opcode != 0) {
      opcode_ = static_cast<net::Opcode>(header.opcode);
      under_way_ = true;
      text_.clear();
    }
    std::string control;
    std::string& into = header.control ? control : text_;
    const std::size_t size = std::min<std::uint64_t>(header.length, rest_.size());
    for (std::size_t i = 0; i < size; ++i) {
      into += static_cast<char>(byte_at(rest_, i) ^ byte_at(header.mask, i % 4));
    }
    rest_.remove_prefix(size);
    if (text && !can_become_utf8(text_)) return fail(NotUtf8);
    if (size < header.length) return false;
    if (header.control) {
      heard_.messages.push_back({static_cast<net::Opcode>(header.opcode), control});
    } else if (header.fin) {
      if (text && !is_valid_utf8(text_)) return fail(NotUtf8);
      heard_.messages.push_back({opcode_, std::move(text_)});
      text_.clear();
      under_way_ = false;
    }
    return true;
  }

  std::string_view rest_;
  std::size_t limit_;
  ReadMessages heard_;
  bool under_way_ = false;  ///< a fragmented message has begun
  net::Opcode opcode_ = net::Opcode::Text;
  std::string text_;  ///< payload of the unfinished message
};

}  // namespace

ReadMessages read_plainly(std::string_view bytes, std::size_t limit) {
  return PlainReader(bytes, limit).read();
}

}  // namespace signaller::fuzz
