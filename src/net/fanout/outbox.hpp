// What one connection has still to be written: order, classes and bounds. No socket in here.
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

/// Bytes that an outbox may hold while its reader is behind. Keys `outbox.*` of server.conf.
struct OutboxLimits {
  std::size_t all = 1'048'576;
  std::size_t chat = 786'432;  ///< and presence
  std::size_t signals = 262'144;
  std::size_t danmaku = 65'536;
  std::size_t process = 268'435'456;  ///< of all outboxes together
};

/// Those of OutboxLimits that end a reader who passes them.
enum class Bound : std::uint8_t { None, All, Chat, Signals, Process };

/// What a reader who passed this bound is told: its key, and how much it is.
std::string too_slow_text(Bound passed, const OutboxLimits& limits);

/// What became of appended frames.
struct Appended {
  std::uint32_t shed = 0;      ///< danmaku left out
  Bound passed = Bound::None;  ///< any: the reader must go
};

/// Until a write is cut short, frames leave in the order they came. From then on, until it has
/// been emptied, the outbox is *backlogged*: the frame under way is finished, then signals go
/// first (with whatever waits before them in their own lane), then the rest in order; danmaku
/// beyond its bound is left out. One shard's thread.
class Outbox {
 public:
  /// Frames [first, last) of a batch.
  struct Range {
    BatchPtr batch;
    std::uint32_t first = 0;
    std::uint32_t last = 0;
  };

  /// @param limits  checked only while backlogged
  Appended append(const BatchPtr& batch, std::uint32_t first, std::uint32_t last,
                  const OutboxLimits& limits);
  /// Fills `out` with what is to be written next; the number of entries.
  int gather(iovec* out, int capacity) const;
  /// So many bytes of what gather() told have been written.
  void consume(std::size_t bytes);
  /// The socket takes no more now: the outbox is backlogged, and signals move ahead.
  void hold();
  /// Drops everything but the frame under way.
  void drop_waiting();
  /// Forgets everything, to be used for another connection.
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

  Range under_way_;  ///< one frame of which `written_` bytes have left, or none
  std::size_t written_ = 0;
  Queue urgent_;
  Queue ordered_;
  BatchPtr copies_;  ///< frames taken out of batches that belong to many receivers
  std::array<std::size_t, 3> bytes_{};                   ///< chat and presence, signals, danmaku
  std::unordered_map<port::Lane, std::uint32_t> lanes_;  ///< frames in ordered_, if backlogged
  std::uint64_t shed_ = 0;
  bool backlogged_ = false;
};

}  // namespace signaller::net
