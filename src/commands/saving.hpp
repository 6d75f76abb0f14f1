// Hands what is dirty to the store: one batch under way at a time.
#pragma once

#include <cstdint>
#include <optional>

#include "irc/world.hpp"
#include "port/effects.hpp"
#include "port/store.hpp"

namespace signaller::commands {

class Saving {
 public:
  /// Adds a Persist if something is dirty and no batch is under way.
  void turn_end(irc::World& world, port::Instant now, port::Effects& out);
  /// A batch that was refused is dirty again, and tried again a second later.
  void stored(irc::World& world, port::Stored stored, port::Instant now);
  /// When a refused batch is to be tried again (steady ms).
  [[nodiscard]] std::optional<std::int64_t> retry_ms() const { return retry_ms_; }

 private:
  irc::Dirty under_way_;
  bool busy_ = false;
  std::uint64_t token_ = 0;
  std::optional<std::int64_t> retry_ms_;
};

}  // namespace signaller::commands
