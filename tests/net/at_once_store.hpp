// A store that takes every batch at once and keeps nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "port/store.hpp"

namespace signaller::net {

class AtOnceStore final : public port::Store {
 public:
  /// @param durable  whether the store says that its records survive the process
  explicit AtOnceStore(bool durable = false) : durable_(durable) {}

  void load(const OnRestored& done) override { done({}); }
  void save(std::vector<port::Record>, std::uint64_t token, const OnStored& done) override {
    done({token, true});
  }
  void close(const OnClosed& done) override { done(); }
  [[nodiscard]] port::StoreStatus status() const override {
    port::StoreStatus status;
    status.kind = "test";
    status.durable = durable_;
    status.ready = true;
    return status;
  }

 private:
  bool durable_;
};

}  // namespace signaller::net
