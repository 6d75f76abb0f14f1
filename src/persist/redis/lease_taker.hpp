// Gets the lease at the begin of a connection: at the start of a server it may have to be waited
// for, later it must still be ours or nobody's.
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
    Ours,    ///< and watched: fenced_write may follow
    Held,    ///< by a server that is alive
    Failed,  ///< Redis refuses something
  };
  Kind kind = Kind::Failed;
  std::string why;  ///< of Failed; of Held who has it, for people
};

/// One attempt on one connection. Lives on the loop's thread; if the link is lost, nothing is
/// called any more and it may go.
class LeaseTaker {
 public:
  using Done = std::function<void(LeaseResult)>;

  /// @param may_wait  whether another holder is waited for until its lease has run out, and one
  ///                  that is known to have died is followed at once: at the start. A server that
  ///                  has been running has been replaced by whoever else has the lease.
  /// @param done      called once; the object may go only later
  LeaseTaker(RedisLink& link, const Lease& lease, bool may_wait, Done done);

  /// Told once if another holder is waited for: who that is, for people.
  std::function<void(const std::string&)> on_wait;

  void start();
  /// Nobody else's lease is waited for any more.
  void hurry() { may_wait_ = false; }
  /// Whether the lease may be ours before the answer comes.
  [[nodiscard]] bool is_taking() const { return taking_; }

 private:
  using Clock = std::chrono::steady_clock;

  void ask();
  void asked(const RedisReply& token);
  void judge(std::string_view token);
  void take();
  void took(const FencedResult& answer);

  RedisLink& link_;
  const Lease& lease_;
  bool may_wait_;
  const Done done_;
  Timer again_;
  Clock::time_point until_{};
  bool taking_ = false;
  bool waiting_ = false;
};

}  // namespace signaller::persist
