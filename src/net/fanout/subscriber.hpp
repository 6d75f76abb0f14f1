// The part of a connection that the fan-out uses for each delivery. Keep it small.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "net/fanout/outbox.hpp"
#include "port/effects.hpp"
#include "port/ids.hpp"

namespace signaller::net {

/// A subscription to one topic: `index` is the position among the subscribers of the variant.
struct Subscription {
  port::TopicId topic = port::TopicId::None;
  std::uint32_t index = 0;
  std::uint8_t variant = 0;
};

/// A receiver of frames. Owned by its connection; used by the Fanout of one shard. Must outlive its
/// subscriptions.
struct Subscriber {
  int descriptor = -1;
  std::uint32_t slot = 0;
  /// the last turn in which a message was published to all subscribers of a topic except this one
  std::uint64_t own_turn = 0;
  bool dirty = false;              ///< the outbox must be written at the end of the turn
  bool closed = false;             ///< no more frames are accepted
  bool tell_drained = false;       ///< Wire::drained must be called when the outbox is empty
  Bound passed = Bound::None;      ///< the bound that the reader has exceeded
  std::unique_ptr<Outbox> outbox;  ///< null while nothing has to be written
  std::vector<Subscription> subscriptions;
  std::uint64_t union_stamp = 0;
};

/// Writes the bytes of subscribers. Virtual, so that the fan-out runs over TLS, and without sockets
/// in tests. An implementation must neither call the Fanout nor destroy the subscriber.
class Wire {
 public:
  Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  virtual ~Wire() = default;

  /// Writes without blocking.
  /// @returns the number of accepted bytes; 0: none now; -1: the connection is broken
  virtual std::ptrdiff_t write(Subscriber& link, const iovec* parts, int count) = 0;
  /// Requests one call of Fanout::writable when the socket accepts bytes again.
  virtual void want_writable(Subscriber& link) = 0;
  /// A write has failed: nothing more can be sent to the subscriber.
  virtual void broken(Subscriber& link) = 0;
  /// The reader is too slow: its waiting frames are dropped, and it gets no more frames.
  virtual void too_slow(Subscriber& link) = 0;
  /// The outbox has been written completely. Called once for each tell_drained.
  virtual void drained(Subscriber& link) = 0;
};

}  // namespace signaller::net
