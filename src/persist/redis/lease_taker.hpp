// Acquires the lease after connecting. A starting server may wait for the lease; a server that
// reconnects must find its own lease or none.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "persist/redis/fenced_write.hpp"
#include "persist/redis/lease.hpp"
#include "persist/redis/redis_link.hpp"
#include "persist/redis/timer.hpp"

namespace signaller::persist {

struct LeaseResult {
  enum class Kind : std::uint8_t {
    Ours,    ///< this process holds the lease and watches it: fenced_write may follow
    Held,    ///< another live process holds the lease
    Failed,  ///< Redis returned an error
  };
  Kind kind = Kind::Failed;
  std::string why;  ///< for Failed: the reason; for Held: the holder, for messages
};

/// One attempt to take the lease, on one connection. Used on the loop's thread. If the link is
/// lost, no callback follows and the object may be destroyed.
class LeaseTaker {
 public:
  using Done = std::function<void(LeaseResult)>;

  /// @param may_wait  true at the start of a server: wait until the lease of another process
  ///                  expires, and take over at once from a process that has ended. False on a
  ///                  reconnect: another holder has replaced this server.
  /// @param done  called once; the object must not be destroyed inside the call
  LeaseTaker(RedisLink& link, const Lease& lease, bool may_wait, Done done);

  /// Called once if the attempt waits for another holder. Gets the holder, for messages.
  std::function<void(const std::string&)> on_wait;

  void start();
  /// Stops waiting for the lease of another process.
  void stop_waiting() { may_wait_ = false; }
  /// True if Redis may have given the lease to this process although `done` has not been called
  /// yet.
  [[nodiscard]] bool is_taking() const { return taking_; }

 private:
  using Clock = std::chrono::steady_clock;

  void query();
  void on_token(const RedisReply& token);
  void judge_holder(std::string_view token);
  void take();
  void on_taken(const FencedResult& result);

  RedisLink& link_;
  const Lease& lease_;
  bool may_wait_;
  const Done done_;
  Timer retry_timer_;
  Clock::time_point give_up_at_{};
  bool taking_ = false;
  bool waiting_ = false;
};

}  // namespace signaller::persist
