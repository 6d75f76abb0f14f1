// The numbered messages of one sender: as they are written to the server, and as every receiver
// must get them, byte for byte, so that a receiver's check is one comparison.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signaller::bench {

class MessageStream {
 public:
  static constexpr std::size_t MinContent = 29;  // sender, number, time, full stop

  struct Form {
    std::size_t content = MinContent;  ///< bytes of each message, at least MinContent
    std::size_t window = 1;  ///< messages that are remembered, at least; so many may be under way
    bool labelled = false;   ///< each asks for an acknowledgement
  };
  MessageStream(unsigned sender, const std::string& id, const std::string& channel,
                const Form& form);

  /// Makes the next message, of the given time, and appends the frame that says it to `out`.
  void write(std::int64_t time_ns, std::uint32_t receivers, std::string& out);

  /// Which message an ACK is of; nullopt: it is no ACK of this sender's.
  [[nodiscard]] std::optional<std::uint32_t> acknowledged(std::string_view line) const;

  /// The frame of message `number` as a receiver gets it. Valid for the last `window` messages.
  [[nodiscard]] const char* frame(std::uint32_t number) const {
    return frames_.data() + (number & mask_) * frame_size_;
  }
  [[nodiscard]] std::size_t frame_size() const { return frame_size_; }

  /// One receiver has got it, or its sender the ACK; returns the time that write() was given.
  std::int64_t arrived(std::uint32_t number) {
    auto& message = messages_[number & mask_];
    if (--message.missing == 0) ++done_;
    return message.time_ns;
  }

  /// Which message of this sender a line is; nullopt: none.
  [[nodiscard]] std::optional<std::uint32_t> number_of(std::string_view line) const;

  /// The line is message `number` to the last byte, as far as that is still remembered.
  [[nodiscard]] bool intact(std::uint32_t number, std::string_view line) const;

  [[nodiscard]] std::uint32_t sent() const { return sent_; }
  [[nodiscard]] std::uint32_t under_way() const { return sent_ - done_; }
  [[nodiscard]] std::uint32_t window() const { return mask_ + 1; }

 private:
  struct Message {
    std::int64_t time_ns = 0;
    std::uint32_t missing = 0;  ///< receivers that have not got it yet, and the ACK
  };

  std::string prefix_;  // of the line that receivers get
  std::string command_;  // `@label=… /pubmsg #bench …`, the label and content of the last message
  std::size_t label_ = 0;  // where its label is; 0: it has none
  std::size_t content_ = 0;
  std::size_t frame_size_ = 0;
  std::uint32_t mask_ = 0;
  std::uint32_t sent_ = 0;
  std::uint32_t done_ = 0;
  std::vector<Message> messages_;
  std::string frames_;
};

/// `digits` hexadecimal digits.
void write_hex(char* out, std::uint64_t value, unsigned digits);
std::optional<std::uint64_t> read_hex(std::string_view digits);

}  // namespace signaller::bench
