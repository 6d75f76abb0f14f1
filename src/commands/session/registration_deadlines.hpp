// The deadlines of connections that have not described themselves yet.
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
  /// Connections by deadline (steady ms). A deadline never changes, because the welcome line
  /// announced it.
  using Queue = std::multimap<std::int64_t, port::ConnectionId>;
  using Place = Queue::iterator;

  /// The time in ms that a new connection gets to describe itself. With at most `describe_crowd`
  /// waiting connections this is the configured time. With more connections the time is shorter,
  /// but at least 5 s (or the configured time, if that is shorter).
  [[nodiscard]] std::int64_t allowed_ms(const Options& options) const;
  Place add(port::ConnectionId connection, std::int64_t deadline_ms) {
    return queue_.emplace(deadline_ms, connection);
  }
  void remove(Place place) { queue_.erase(place); }

  /// The first deadline (steady ms); nothing if no connection waits.
  [[nodiscard]] std::optional<std::int64_t> deadline_ms() const;
  /// A connection whose deadline has passed; nothing if there is none.
  [[nodiscard]] std::optional<port::ConnectionId> overdue(std::int64_t now_ms) const;

 private:
  Queue queue_;
};

}  // namespace signaller::commands
