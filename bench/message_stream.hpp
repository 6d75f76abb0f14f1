// The numbered messages of one sender. Each message is kept as the exact bytes that receivers must
// get, so that a receiver's check is one comparison.
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
  static constexpr std::size_t MinContent = 29;  // size of `sender.number.time.`

  struct Form {
    std::size_t content = MinContent;  ///< bytes of each message, at least MinContent
    std::size_t window = 1;  ///< minimum number of kept messages; limits the messages in flight
    bool labelled = false;   ///< each message requests an ACK
  };
  MessageStream(unsigned sender, const std::string& id, const std::string& channel,
                const Form& form);

  /// Creates the next message with this time and appends its frame to `out`.
  void write(std::int64_t time_ns, std::uint32_t receivers, std::string& out);

  /// Returns the number of the acknowledged message; nullopt if the line is not an ACK for this
  /// sender.
  [[nodiscard]] std::optional<std::uint32_t> acknowledged(std::string_view line) const;

  /// Returns the frame of message `number` as receivers get it. Valid for the last `window`
  /// messages.
  [[nodiscard]] const char* frame(std::uint32_t number) const {
    return frames_.data() + (number & mask_) * frame_size_;
  }
  [[nodiscard]] std::size_t frame_size() const { return frame_size_; }

  /// Counts a delivery, or the ACK; returns the time that was passed to write().
  std::int64_t arrived(std::uint32_t number) {
    auto& message = messages_[number & mask_];
    if (--message.missing == 0) ++done_;
    return message.time_ns;
  }

  /// Returns the number of the message in a line; nullopt if this sender did not send it.
  [[nodiscard]] std::optional<std::uint32_t> number_of(std::string_view line) const;

  /// Returns whether the line equals message `number`, if that message is still kept.
  [[nodiscard]] bool intact(std::uint32_t number, std::string_view line) const;

  [[nodiscard]] std::uint32_t sent() const { return sent_; }
  [[nodiscard]] std::uint32_t under_way() const { return sent_ - done_; }
  [[nodiscard]] std::uint32_t window() const { return mask_ + 1; }

 private:
  struct Message {
    std::int64_t time_ns = 0;
    std::uint32_t missing = 0;  ///< outstanding deliveries and ACK
  };

  std::string prefix_;     // the text before the content, in the line that receivers get
  std::string command_;    // `@label=… /pubmsg #bench …` of the last message
  std::size_t label_ = 0;  // offset of the label; 0: no label
  std::size_t content_ = 0;
  std::size_t frame_size_ = 0;
  std::uint32_t mask_ = 0;
  std::uint32_t sent_ = 0;
  std::uint32_t done_ = 0;
  std::vector<Message> messages_;
  std::string frames_;
};

/// Writes `digits` hexadecimal digits.
void write_hex(char* out, std::uint64_t value, unsigned digits);
std::optional<std::uint64_t> read_hex(std::string_view digits);

}  // namespace signaller::bench
