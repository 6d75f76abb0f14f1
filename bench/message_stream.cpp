#include "message_stream.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "server_line.hpp"
#include "websocket_frame.hpp"

namespace signaller::bench {
namespace {

// Maximum bytes of frames that are kept for one sender.
constexpr std::size_t MaxRemembered = std::size_t{64} << 20U;
// Offsets in a content: `ss.nnnnnnnn.tttttttttttttttt.` (sender, number, time).
constexpr std::size_t NumberAt = 3;
constexpr std::size_t TimeAt = 12;
constexpr std::string_view Tag = "@label=";
constexpr std::size_t LabelSize = 10;  // digits of sender and number

std::uint32_t power_of_two(std::size_t at_least) {
  std::uint32_t power = 1;
  while (power < at_least) power *= 2;
  return power;
}

}  // namespace

void write_hex(char* out, std::uint64_t value, unsigned digits) {
  for (unsigned i = digits; i > 0; --i, value >>= 4U) out[i - 1] = "0123456789abcdef"[value & 15U];
}

std::optional<std::uint64_t> read_hex(std::string_view digits) {
  std::uint64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, value, 16);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

MessageStream::MessageStream(unsigned sender, const std::string& id, const std::string& channel,
                             const Form& form)
    : prefix_(":" + id + " PUBMSG " + channel + " :"),
      content_(std::max(form.content, MinContent)) {
  if (form.labelled) {
    label_ = Tag.size();
    command_.append(Tag).append(LabelSize, '0') += ' ';
    write_hex(command_.data() + label_, sender, 2);
  }
  command_.append("/pubmsg " + channel + " ").append(content_, '.');
  write_hex(command_.data() + command_.size() - content_, sender, 2);
  std::string frame;
  append_frame(frame, Opcode::Text, prefix_ + command_.substr(command_.size() - content_));
  frame_size_ = frame.size();
  const auto bounded = std::min(form.window, std::max<std::size_t>(1, MaxRemembered / frame_size_));
  mask_ = power_of_two(bounded) - 1;
  messages_.resize(mask_ + 1);
  // A place whose frame was not sent yet begins with 0. No frame begins with 0, so no received
  // frame matches such a place.
  for (std::uint32_t i = 0; i <= mask_; ++i) frames_ += '\0' + frame.substr(1);
}

void MessageStream::write(std::int64_t time_ns, std::uint32_t receivers, std::string& out) {
  char* content = command_.data() + command_.size() - content_;
  write_hex(content + NumberAt, sent_, 8);
  write_hex(content + TimeAt, static_cast<std::uint64_t>(time_ns), 16);
  if (label_ > 0) write_hex(command_.data() + label_ + 2, sent_, 8);
  append_masked(out, Opcode::Text, command_);
  char* frame = frames_.data() + (sent_ & mask_) * frame_size_;
  frame[0] = static_cast<char>(0x80U | static_cast<unsigned>(Opcode::Text));
  std::memcpy(frame + frame_size_ - content_, content, content_);
  messages_[sent_ & mask_] = Message{time_ns, receivers + (label_ > 0 ? 1 : 0)};
  ++sent_;
}

std::optional<std::uint32_t> MessageStream::number_of(std::string_view line) const {
  if (line.size() != prefix_.size() + content_) return std::nullopt;
  if (line.substr(0, prefix_.size()) != prefix_) return std::nullopt;
  const auto content = line.substr(prefix_.size());
  const auto expected = std::string_view(command_).substr(command_.size() - content_);
  if (content.substr(0, NumberAt) != expected.substr(0, NumberAt)) return std::nullopt;
  const auto number = read_hex(content.substr(NumberAt, 8));
  if (!number) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

std::optional<std::uint32_t> MessageStream::acknowledged(std::string_view line) const {
  if (label_ == 0 ||
      line.substr(0, label_ + 2) != std::string_view(command_).substr(0, label_ + 2)) {
    return std::nullopt;
  }
  if (without_source(line).substr(0, 4) != "ACK ") return std::nullopt;
  const auto number = read_hex(line.substr(label_ + 2, 8));
  if (!number) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

bool MessageStream::intact(std::uint32_t number, std::string_view line) const {
  if (sent_ - number > window()) return true;
  return line == std::string_view(frame(number), frame_size_).substr(frame_size_ - line.size());
}

}  // namespace signaller::bench
