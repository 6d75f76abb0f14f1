// A queue for the batches of several protocols: the store takes one batch at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "net/system/loop.hpp"
#include "port/effects.hpp"
#include "port/store.hpp"

namespace signaller::net {

/// Each protocol has at most one batch here: the batch is at the store, or in the protocol's slot
/// until the store is free. Slots are emptied in turn, so no protocol waits for more than one batch
/// of each other protocol. Two protocols may use the same token. The core's thread only.
class StoreQueue {
 public:
  /// May be a std::function, because it is called only once for each batch.
  using OnStored = std::function<void(std::size_t protocol, const port::Stored& stored)>;

  /// @param store      null: every batch is answered with `ok` false
  /// @param protocols  number of protocols
  /// @param on_stored  called in its own handler, once for each `save`
  StoreQueue(Loop& loop, port::Store* store, std::size_t protocols, OnStored on_stored);

  /// Hands a batch to the store, now or when its turn comes. If the protocol already has a batch
  /// here, the new one is answered with `ok` false.
  void save(std::size_t protocol, port::Persist batch);
  /// Whether no batch is at the store, and no batch waits.
  [[nodiscard]] bool idle() const;

 private:
  void start_next();
  void post_stored(std::size_t protocol, const port::Stored& stored);
  void answer(std::size_t protocol, const port::Stored& stored);

  Loop& loop_;
  port::Store* store_;
  OnStored on_stored_;
  std::vector<std::optional<port::Persist>> waiting_;  ///< the waiting batch of each protocol
  std::optional<std::size_t> under_way_;               ///< the protocol whose batch is at the store
  std::size_t next_ = 0;                               ///< the protocol whose slot is checked next
};

}  // namespace signaller::net
