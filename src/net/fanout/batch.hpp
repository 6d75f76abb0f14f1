// Pending bytes that several receivers share: WebSocket frames, ready to be written.
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

/// No connection of this shard sent the frame, or its sender wants it back.
constexpr std::uint32_t NoSender = 0xffffffff;

/// Of answers to control frames, and of the server's own pings: beyond the lanes that the core has.
constexpr port::Lane ControlLane = ~port::Lane{0};
constexpr port::Lane PingLane = ControlLane - 1;

/// One frame of a batch: where its bytes are, and what the outbox must know of it.
struct Frame {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
  std::uint32_t order = 0;  ///< place among all frames of the shard's turn
  std::uint32_t sender = NoSender;
  port::Lane lane = 0;
  port::FrameClass frame_class = port::FrameClass::Chat;
};

/// What all outboxes of the process hold, in bytes: each batch counted once. Any thread.
using HeldBytes = std::atomic<std::size_t>;

/// Frames that lie one behind the other in one buffer. Owned by one shard's thread.
/// It is filled during a turn and never changed once an outbox holds it beyond the turn.
class Batch {
 public:
  explicit Batch(HeldBytes& total) : total_(total) {}
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch() { release(); }

  /// Appends one unfragmented, unmasked frame (RFC 6455 §5.2) around `payload`.
  void append(Opcode opcode, std::string_view payload, Frame about);
  /// Appends bytes that are no frame: what comes before the WebSocket protocol, or HTTP.
  void append_raw(std::string_view bytes, Frame about);
  /// Appends a frame of another batch as it is.
  void append_copy(const Batch& from, std::size_t frame);

  /// Counts the batch, as large as it is now, into the process's total until it is cleared or
  /// destroyed.
  void hold();
  [[nodiscard]] HeldBytes& total() const { return total_; }
  /// Makes it empty; its memory stays for the next turn unless it has grown large.
  void clear();

  [[nodiscard]] const std::vector<Frame>& frames() const { return frames_; }
  [[nodiscard]] std::size_t count() const { return frames_.size(); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  /// The bytes of frames [first, last), which are contiguous.
  [[nodiscard]] std::string_view bytes(std::size_t first, std::size_t last) const;

  /// Lines of many receivers together: an outbox that keeps some copies them out.
  bool mixed_receivers = false;

 private:
  void release();

  std::string bytes_;
  std::vector<Frame> frames_;
  HeldBytes& total_;
  std::size_t held_ = 0;
};

/// shared_ptr because a batch lives as long as its slowest reader; counts stay on one thread.
using BatchPtr = std::shared_ptr<Batch>;

}  // namespace signaller::net
