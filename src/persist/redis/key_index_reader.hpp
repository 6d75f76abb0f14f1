// Reads what a store names, without what stands there: so much is needed to know what has to go
// from a Redis that came back with older data.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "persist/format/keys.hpp"
#include "persist/redis/redis_link.hpp"
#include "port/store.hpp"

namespace signaller::persist {

struct KeyIndexResult {
  std::string problem;  ///< Redis refuses something: not now; empty: here is what there is
  port::StoredNames names;
};

/// One on one connection. Lives on the loop's thread; if the link is lost, nothing is called any
/// more and it may go.
class KeyIndexReader {
 public:
  using Done = std::function<void(KeyIndexResult)>;

  /// @param done  called once; the object may go only later
  KeyIndexReader(RedisLink& link, const Keys& keys, Done done);

  void start();
  /// Nothing is called any more. It stays until the link has been dropped.
  void abandon() { over_ = true; }

 private:
  using Read = std::function<void(const RedisReply&)>;

  void ask(const Argv& argv, Read read);
  void answered(const RedisReply& reply, const Read& read);
  void pump();
  void ask_channel(const std::string& name);
  void ask_peer(const std::string& id);
  void finish();

  RedisLink& link_;
  const Keys& keys_;
  const Done done_;
  std::size_t under_way_ = 0;  ///< commands without a reply
  std::size_t next_channel_ = 0;
  std::size_t next_peer_ = 0;
  bool indexed_ = false;  ///< the indexes have been read
  bool over_ = false;
  KeyIndexResult called_;
};

}  // namespace signaller::persist
