#include "net/fanout/batch.hpp"

namespace signaller::net {
namespace {

constexpr std::size_t KeptCapacity = 256UL * 1024;

/// Appends a frame header (RFC 6455 §5.2): FIN, opcode, and the shortest form of the length.
void append_header(std::string& out, Opcode opcode, std::size_t length) {
  out.push_back(static_cast<char>(0x80U | static_cast<unsigned>(opcode)));
  int bytes = 0;
  if (length < 126) {
    out.push_back(static_cast<char>(length));
  } else if (length <= 0xffff) {
    out.push_back(126);
    bytes = 2;
  } else {
    out.push_back(127);
    bytes = 8;
  }
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>((length >> static_cast<unsigned>(shift)) & 0xffU));
  }
}

}  // namespace

void Batch::append(Opcode opcode, std::string_view payload, Frame about) {
  about.offset = static_cast<std::uint32_t>(bytes_.size());
  append_header(bytes_, opcode, payload.size());
  bytes_.append(payload);
  about.length = static_cast<std::uint32_t>(bytes_.size()) - about.offset;
  frames_.push_back(about);
}

void Batch::append_raw(std::string_view bytes, Frame about) {
  about.offset = static_cast<std::uint32_t>(bytes_.size());
  about.length = static_cast<std::uint32_t>(bytes.size());
  bytes_.append(bytes);
  frames_.push_back(about);
}

void Batch::append_copy(const Batch& from, std::size_t frame) {
  append_raw(from.bytes(frame, frame + 1), from.frames_[frame]);
}

void Batch::hold() {
  const std::size_t now = bytes_.capacity() + frames_.capacity() * sizeof(Frame);
  if (now == held_) return;
  // unsigned numbers wrap, so the sum is correct even if the batch has shrunk
  total_ += now - held_;
  held_ = now;
}

void Batch::release() {
  total_ -= held_;
  held_ = 0;
}

void Batch::clear() {
  release();
  bytes_.clear();
  frames_.clear();
  if (bytes_.capacity() > KeptCapacity) {
    bytes_.shrink_to_fit();
    frames_.shrink_to_fit();
  }
}

std::string_view Batch::bytes(std::size_t first, std::size_t last) const {
  if (first >= last) return {};
  const std::size_t begin = frames_[first].offset;
  const std::size_t end = std::size_t{frames_[last - 1].offset} + frames_[last - 1].length;
  return std::string_view(bytes_).substr(begin, end - begin);
}

}  // namespace signaller::net
