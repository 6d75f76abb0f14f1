// The frames that still have to be sent to one connection: order, classes and bounds. No socket
// here.
#pragma once

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>

#include "net/fanout/batch.hpp"

namespace signaller::net {

/// Maximum bytes in an outbox while its reader is behind. Keys `outbox.*` of server.conf.
struct OutboxLimits {
  std::size_t all = 1'048'576;
  std::size_t chat = 786'432;  ///< chat and presence together
  std::size_t signals = 262'144;
  std::size_t danmaku = 65'536;
  std::size_t process = 268'435'456;  ///< all outboxes of the process together
};

/// The bounds of OutboxLimits. A reader that exceeds one is closed.
enum class Bound : std::uint8_t { None, All, Chat, Signals, Process };

/// The close reason for a reader that exceeded this bound: the key and its value.
std::string too_slow_text(Bound passed, const OutboxLimits& limits);

/// The result of appending frames.
struct Appended {
  std::uint32_t shed = 0;  ///< number of dropped danmaku frames
  /// the bound that the reader exceeds: the reader must be closed; None: no bound is exceeded
  Bound passed = Bound::None;
};

/// The frames leave in the order in which they came, until the socket accepts only a part of a
/// write. From then on the outbox is *backlogged* until it is empty: it finishes the partly written
/// frame, then sends signals (with the frames that wait before them in the same lane), then the
/// other frames in order. It drops danmaku above its bound. One shard's thread.
class Outbox {
 public:
  /// The frames [first, last) of a batch.
  struct Range {
    BatchPtr batch;
    std::uint32_t first = 0;
    std::uint32_t last = 0;
  };

  /// @param limits  checked only if the outbox is backlogged
  Appended append(const BatchPtr& batch, std::uint32_t first, std::uint32_t last,
                  const OutboxLimits& limits);
  /// Fills `out` with the bytes to be written next.
  /// @returns the number of entries
  int gather(iovec* out, int capacity) const;
  /// Removes bytes that have been written, from the front of those that gather() returned.
  void consume(std::size_t bytes);
  /// The socket accepts no more bytes now: the outbox becomes backlogged, and signals move ahead.
  void hold();
  /// Drops all frames except a partly written one.
  void drop_waiting();
  /// Empties the outbox, for use by another connection.
  void reset();

  [[nodiscard]] bool empty() const;
  [[nodiscard]] bool backlogged() const { return backlogged_; }
  [[nodiscard]] std::size_t bytes() const;
  [[nodiscard]] std::size_t bytes(port::FrameClass frame_class) const;
  [[nodiscard]] std::uint64_t shed() const { return shed_; }

 private:
  using Queue = std::deque<Range>;

  void wait(const BatchPtr& batch, std::uint32_t frame);
  void copy_out(BatchPtr& batch, std::uint32_t& frame);
  void promote_lane(port::Lane lane);
  void consume_queue(Queue& queue, bool ordered, std::size_t& bytes);
  void forget(const Frame& frame, bool ordered);
  [[nodiscard]] std::size_t& count(port::FrameClass frame_class);
  [[nodiscard]] Bound passed(const OutboxLimits& limits) const;

  Range under_way_;  ///< the frame of which `written_` bytes have been written, or none
  std::size_t written_ = 0;
  Queue urgent_;
  Queue ordered_;
  BatchPtr copies_;  ///< frames that were copied out of batches with different receivers
  std::array<std::size_t, 3> bytes_{};  ///< bytes of chat and presence, of signals, of danmaku
  /// Number of frames in ordered_, by lane; used if backlogged.
  std::unordered_map<port::Lane, std::uint32_t> lanes_;
  std::uint64_t shed_ = 0;
  bool backlogged_ = false;
};

}  // namespace signaller::net
