// Connections that have not described themselves yet, and until when they may stay.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "commands/session/options.hpp"
#include "port/ids.hpp"

namespace signaller::commands {

class RegistrationDeadlines {
 public:
  /// By deadline, in steady ms: the connection was told it and keeps it.
  using Queue = std::multimap<std::int64_t, port::ConnectionId>;
  using Place = Queue::iterator;

  /// How long one more connection may wait, in ms: the configured time, but the more wait beyond
  /// `describe_crowd`, the less; never under 5 s (or the configured time, if that is shorter).
  [[nodiscard]] std::int64_t allowed_ms(const Options& options) const;
  Place add(port::ConnectionId connection, std::int64_t deadline_ms) {
    return queue_.emplace(deadline_ms, connection);
  }
  void remove(Place place) { queue_.erase(place); }

  /// When the first deadline is over (steady ms), if anybody waits.
  [[nodiscard]] std::optional<std::int64_t> deadline_ms() const;
  /// Somebody who has waited too long.
  [[nodiscard]] std::optional<port::ConnectionId> overdue(std::int64_t now_ms) const;

 private:
  Queue queue_;
};

}  // namespace signaller::commands
