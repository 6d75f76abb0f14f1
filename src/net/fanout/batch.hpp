// WebSocket frames that several receivers share, ready to be written.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "port/effects.hpp"
#include "port/ids.hpp"

namespace signaller::net {

enum class Opcode : std::uint8_t { Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

/// The value of Frame::sender if nobody is left out: no connection of this shard sent the frame, or
/// its sender gets it, too.
constexpr std::uint32_t NoSender = 0xffffffff;

/// The lanes of pings and of answers to control frames. The core does not use these numbers.
constexpr port::Lane ControlLane = ~port::Lane{0};
constexpr port::Lane PingLane = ControlLane - 1;

/// One frame of a batch: the position of its bytes, and its properties for the outbox.
struct Frame {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
  std::uint32_t order = 0;  ///< position among all frames of the shard in this turn
  std::uint32_t sender = NoSender;
  port::Lane lane = 0;
  port::FrameClass frame_class = port::FrameClass::Chat;
};

/// The number of bytes in all outboxes of the process. A batch that several outboxes share is
/// counted once. Any thread.
using HeldBytes = std::atomic<std::size_t>;

/// Frames stored one after the other in one buffer. Owned by one shard's thread. A batch is filled
/// during a turn. If an outbox refers to the batch after the turn, the batch does not change any
/// more.
class Batch {
 public:
  explicit Batch(HeldBytes& total) : total_(total) {}
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch() { release(); }

  /// Appends one unfragmented, unmasked frame (RFC 6455 §5.2) around `payload`.
  void append(Opcode opcode, std::string_view payload, Frame about);
  /// Appends bytes without a frame around them, for HTTP.
  void append_raw(std::string_view bytes, Frame about);
  /// Appends a copy of one frame of another batch.
  void append_copy(const Batch& from, std::size_t frame);

  /// Adds the size of the batch to the total of the process, until the batch is cleared or
  /// destroyed.
  void hold();
  [[nodiscard]] HeldBytes& total() const { return total_; }
  /// Empties the batch. Keeps its memory for the next turn unless the memory is large.
  void clear();

  [[nodiscard]] const std::vector<Frame>& frames() const { return frames_; }
  [[nodiscard]] std::size_t count() const { return frames_.size(); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  /// The bytes of the frames [first, last).
  [[nodiscard]] std::string_view bytes(std::size_t first, std::size_t last) const;

  /// Whether the frames have different receivers: then an outbox copies the frames that it keeps.
  bool mixed_receivers = false;

 private:
  void release();

  std::string bytes_;
  std::vector<Frame> frames_;
  HeldBytes& total_;
  std::size_t held_ = 0;
};

/// A shared_ptr, because a batch lives until its slowest reader has received it. Used on one thread
/// only.
using BatchPtr = std::shared_ptr<Batch>;

}  // namespace signaller::net
