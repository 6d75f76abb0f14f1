// Reads the names of all stored records, without their contents. The store uses the names to delete
// surplus records when Redis comes back with older data.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "persist/format/keys.hpp"
#include "persist/redis/redis_link.hpp"
#include "port/store.hpp"

namespace signaller::persist {

struct KeyIndexResult {
  std::string problem;  ///< why reading failed; empty: `names` is complete
  port::StoredNames names;
};

/// Reads once on one connection. Used on the loop's thread. If the link is lost, no callback
/// follows and the object may be destroyed.
class KeyIndexReader {
 public:
  using Done = std::function<void(KeyIndexResult)>;

  /// @param done  called once; the object must not be destroyed inside the call
  KeyIndexReader(RedisLink& link, const Keys& keys, Done done);

  void start();
  /// Suppresses `done`. Keep the object until the link has been dropped.
  void abandon() { finished_ = true; }

 private:
  using Read = std::function<void(const RedisReply&)>;

  void query(const Argv& argv, Read read);
  void on_reply(const RedisReply& reply, const Read& read);
  void send_more();
  void query_channel(const std::string& name);
  void query_peer(const std::string& id);
  void finish();

  RedisLink& link_;
  const Keys& keys_;
  const Done done_;
  std::size_t pending_ = 0;  ///< commands without a reply
  std::size_t next_channel_ = 0;
  std::size_t next_peer_ = 0;
  bool index_read_ = false;  ///< all index sets have been read
  bool finished_ = false;
  KeyIndexResult result_;
};

}  // namespace signaller::persist
