// The batches of several protocols take turns at the store, which takes one at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "net/system/loop.hpp"
#include "port/effects.hpp"
#include "port/store.hpp"

namespace signaller::net {

/// Each protocol has at most one batch here: at the store, or in a slot of its own until the store
/// is free. Slots are emptied in turn, so no protocol keeps another one waiting for more than one
/// batch. Tokens are a protocol's own: two may use the same. The core's thread only.
class StoreQueue {
 public:
  /// std::function: called at the edge, once a batch.
  using OnStored = std::function<void(std::size_t protocol, const port::Stored& stored)>;

  /// @param store      null: every batch is answered with `ok` false
  /// @param protocols  how many there are
  /// @param on_stored  called in a handler of its own, once for each `save`
  StoreQueue(Loop& loop, port::Store* store, std::size_t protocols, OnStored on_stored);

  /// Hands a batch to the store, now or when its turn comes. A second batch of a protocol that has
  /// one here already is answered with `ok` false.
  void save(std::size_t protocol, port::Persist batch);
  /// Whether no batch is at the store, and none waits.
  [[nodiscard]] bool idle() const;

 private:
  void start_next();
  void answer(std::size_t protocol, const port::Stored& stored);

  Loop& loop_;
  port::Store* store_;
  OnStored on_stored_;
  std::vector<std::optional<port::Persist>> waiting_;  ///< by protocol
  std::optional<std::size_t> under_way_;               ///< the protocol whose batch is at the store
  std::size_t next_ = 0;                               ///< the protocol that is looked at next
};

}  // namespace signaller::net
