// One transaction that takes effect only if we have the lease.
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
  enum class Verdict : std::uint8_t {
    Done,     ///< it took effect; the lease is watched again
    Again,    ///< it did not, but we have the lease, watched again: try once more
    Gone,     ///< nobody has the lease now; whether it took effect is not known
    Taken,    ///< somebody else has it; likewise
    Refused,  ///< it did not, since Redis does not take some of the commands: `errors` says which;
              ///< the lease is watched again
    Failed,   ///< it did not take effect
  };
  Verdict verdict = Verdict::Failed;
  std::string why;  ///< of Failed; of Taken the other's token
  /// Of Done: which commands failed all the same, and what Redis said; the others took effect. Of
  /// Refused: which ones have to be left out.
  std::vector<std::pair<std::size_t, std::string>> errors;
};

using OnFenced = std::function<void(FencedResult&&)>;

/// Asks for who has the lease, and lets the next transaction on this connection fail if that
/// changes (WATCH, GET). WATCH alone would not do: a process that slept while its successor took
/// the lease, and watches only then, would write.
/// @param on_token  gets the reply of GET: text, nil or an error
void watch_lease(RedisLink& link, const Lease& lease, RedisLink::OnReply on_token);

/// What becomes of the lease in a transaction.
enum class LeaseUse : std::uint8_t {
  Renew,    ///< it is set anew. So a transaction of ours that Redis still has from an older
            ///< connection can no longer take effect: it watched the lease before.
  Release,  ///< it is deleted
};

/// MULTI, the lease, `writes`, EXEC, and behind it already what the next one needs: a batch is one
/// round trip. watch_lease, or the transaction before, must have found our token, or the key as it
/// may be taken over. Everything is sent before this returns.
/// @param done  is not called if the link is lost before
void fenced_write(RedisLink& link, const Lease& lease, LeaseUse use,
                  const std::vector<Argv>& writes, OnFenced done);

}  // namespace signaller::persist
