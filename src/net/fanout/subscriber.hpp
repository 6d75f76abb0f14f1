// The part of a connection that fan-out touches for each delivery: small, and nothing else in it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "net/fanout/outbox.hpp"
#include "port/effects.hpp"
#include "port/ids.hpp"

namespace signaller::net {

/// One of a link's places in a topic: `index` is where it stands among the topic's subscribers.
struct Subscription {
  port::TopicId topic = port::TopicId::None;
  std::uint32_t index = 0;
  std::uint8_t variant = 0;
};

/// Owned by its connection; used by one shard's Fanout. It must outlive its subscriptions.
struct Subscriber {
  int descriptor = -1;
  std::uint32_t slot = 0;
  std::uint64_t own_turn = 0;      ///< the last turn in which it sent frames it must not get back
  bool dirty = false;              ///< has something to be written at the end of the turn
  bool closed = false;             ///< takes no more frames
  bool tell_drained = false;       ///< Wire::drained is owed
  Bound passed = Bound::None;      ///< what the reader was too slow for
  std::unique_ptr<Outbox> outbox;  ///< null while there is nothing to write
  std::vector<Subscription> subscriptions;
  std::uint64_t union_stamp = 0;
};

/// Where a link's bytes go. Virtual so that fan-out runs without sockets in tests, and over TLS.
/// No call may come back into the Fanout before it returns, or destroy the link.
class Wire {
 public:
  Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  virtual ~Wire() = default;

  /// Writes without blocking. The number of bytes taken, 0 if none now, -1 if the link is broken.
  virtual std::ptrdiff_t write(Subscriber& link, const iovec* parts, int count) = 0;
  /// Fanout::writable must be called once when the link takes bytes again.
  virtual void want_writable(Subscriber& link) = 0;
  /// A write failed: nothing more can be said to this link.
  virtual void broken(Subscriber& link) = 0;
  /// The reader is too slow: its waiting frames have been dropped and the link is closed to more.
  virtual void too_slow(Subscriber& link) = 0;
  /// Everything that was given to the link has been written; once for each tell_drained.
  virtual void drained(Subscriber& link) = 0;
};

}  // namespace signaller::net
