// A transaction that takes effect only while this process holds the lease.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "persist/format/keys.hpp"
#include "persist/redis/lease.hpp"
#include "persist/redis/redis_link.hpp"

namespace signaller::persist {

struct FencedResult {
  enum class Outcome : std::uint8_t {
    Done,   ///< the transaction took effect; the lease is watched again
    Again,  ///< no effect, but this process holds the lease and watches it: retry
    Gone,   ///< nobody holds the lease; the transaction may have taken effect
    Taken,  ///< another process holds the lease; the transaction may have taken effect
    /// no effect: Redis rejected some commands, listed in `errors`; the lease is watched again
    Refused,
    Failed,  ///< no effect
  };
  Outcome outcome = Outcome::Failed;
  std::string why;  ///< for Failed: the reason; for Taken: the token of the other holder
  /// Index of a command and its error. For Done: the commands that failed; all others took effect.
  /// For Refused: the commands to leave out.
  std::vector<std::pair<std::size_t, std::string>> errors;
};

using OnFenced = std::function<void(FencedResult&&)>;

/// Sends WATCH and GET for the lease, so that the next transaction on this connection fails if the
/// lease changes. WATCH alone is not enough: if this process was suspended while another server
/// took the lease, WATCH would succeed for the lease of that server. The reply of GET shows who
/// holds it.
/// @param on_token  gets the reply of GET: a token, nil or an error
void watch_lease(RedisLink& link, const Lease& lease, RedisLink::OnReply on_token);

/// The effect of the transaction on the lease.
enum class LeaseUse : std::uint8_t {
  /// sets the lease again, which aborts an older transaction of this process that Redis has not
  /// executed yet
  Renew,
  Release,  ///< deletes the lease
};

/// Sends MULTI, the lease command, `writes`, EXEC, and the WATCH and GET for the next transaction,
/// so a batch costs one round trip. Requires that watch_lease or the previous transaction found our
/// token, or a lease that may be taken over. Everything is sent before the function returns.
/// @param done  not called if the link is lost first
void fenced_write(RedisLink& link, const Lease& lease, LeaseUse use,
                  const std::vector<Argv>& writes, OnFenced done);

}  // namespace signaller::persist
