// The part of a connection that the fan-out touches for each delivery. Keep it small.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "net/fanout/outbox.hpp"
#include "port/effects.hpp"
#include "port/ids.hpp"

namespace signaller::net {

/// A subscription to one topic: `index` is the place among the subscribers of the variant.
struct Subscription {
  port::TopicId topic = port::TopicId::None;
  std::uint32_t index = 0;
  std::uint8_t variant = 0;
};

/// Owned by its connection; used by the Fanout of one shard. Must outlive its subscriptions.
struct Subscriber {
  int descriptor = -1;
  std::uint32_t slot = 0;
  std::uint64_t own_turn = 0;      ///< the last turn in which it sent frames that it must not get
  bool dirty = false;              ///< its outbox is written at the end of the turn
  bool closed = false;             ///< accepts no more frames
  bool tell_drained = false;       ///< call Wire::drained when the outbox is empty
  Bound passed = Bound::None;      ///< the bound that the reader has exceeded
  std::unique_ptr<Outbox> outbox;  ///< null while there is nothing to write
  std::vector<Subscription> subscriptions;
  std::uint64_t union_stamp = 0;
};

/// Writes the bytes of subscribers. Virtual so that the fan-out runs without sockets in tests, and
/// over TLS. A call must not call the Fanout, and must not destroy the subscriber.
class Wire {
 public:
  Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  virtual ~Wire() = default;

  /// Writes without blocking.
  /// @returns the number of bytes taken, 0 if none now, -1 if the connection is broken
  virtual std::ptrdiff_t write(Subscriber& link, const iovec* parts, int count) = 0;
  /// Asks for one call of Fanout::writable when the socket takes bytes again.
  virtual void want_writable(Subscriber& link) = 0;
  /// A write has failed: nothing more can be sent to this subscriber.
  virtual void broken(Subscriber& link) = 0;
  /// The reader is too slow: its waiting frames are dropped, and it accepts no more.
  virtual void too_slow(Subscriber& link) = 0;
  /// The outbox has been written completely. Called once for each tell_drained.
  virtual void drained(Subscriber& link) = 0;
};

}  // namespace signaller::net
