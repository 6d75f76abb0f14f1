// The store, as the core sees it: load, save, status. One contract test runs on each of them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "port/records.hpp"

namespace signaller::port {

/// The answer to one `save`: `ok` only if all of the batch is kept as durably as the store can.
struct Stored {
  std::uint64_t token = 0;
  bool ok = false;
};

struct StoreStatus {
  std::string kind;           ///< "memory", "redis"
  bool durable = false;       ///< survives the process
  bool ready = false;         ///< takes writes now
  std::uint64_t records = 0;  ///< held now
  std::uint64_t written = 0;  ///< records taken since start
};

/// Virtual because the process chooses one at start. All calls come from the core's thread.
class Store {
 public:
  /// std::function: called at the edge, once a batch, on the core's thread.
  using OnStored = std::function<void(Stored)>;

  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  /// Everything that was saved. Called once, before the first `save`.
  virtual Snapshot load() = 0;
  /// Takes one batch; its records take effect in order. `done` is called exactly once, maybe
  /// before `save` returns.
  virtual void save(std::vector<Record> records, std::uint64_t token, const OnStored& done) = 0;
  [[nodiscard]] virtual StoreStatus status() const = 0;
};

}  // namespace signaller::port
