// Reads everything from Redis: the indexes first, then what they list, in a pipeline that is
// neither empty nor longer than Redis's memory bears.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "persist/format/fields.hpp"
#include "persist/format/keys.hpp"
#include "persist/format/load_warnings.hpp"
#include "persist/redis/redis_link.hpp"
#include "persist/redis/redis_options.hpp"
#include "port/store.hpp"

namespace signaller::persist {

struct LoadedStore {
  std::string problem;  ///< Redis refuses something: not now; empty: here is what there is
  port::Restored restored;
  std::string filled;  ///< which server's start has written last; empty: none
};

/// Lives on the loop's thread; if the link is lost, nothing is called any more and it may go.
class Loader {
 public:
  using Done = std::function<void(LoadedStore)>;

  /// All must outlive it.
  /// @param done  called once; the object may go only later
  Loader(RedisLink& link, const RedisOptions& options, const Keys& keys, Done done);

  void start();
  /// Nothing is called any more. It stays until the link has been dropped.
  void abandon() { over_ = true; }

 private:
  void ask_header();
  void ask_indexes();
  /// Whether this server may use what is there; says so otherwise.
  bool fits();
  void check_key(bool holds_some);
  bool begin();
  void pump();
  void ask_peer(const std::string& id);
  void ask_mail(const std::string& id);
  void ask_channel(const std::string& name);
  void ask_rest();
  void on_peer(const std::string& id, const std::string& key, const RedisReply& reply);
  void on_channel(const std::string& name, const std::string& key, const RedisReply& reply);
  using Read = std::function<void(const std::string& key, const RedisReply&)>;
  /// Sends a command about a key that costs so much of the window; `read` gets the reply unless it
  /// is an error.
  void ask(const Argv& argv, std::size_t cost, Read read);
  void got_error(const std::string& key, const RedisReply& reply);
  [[nodiscard]] bool knows(const std::string& channel) const;
  template <class Each>
  void each_entry(const RedisReply& reply, const std::string& key, const Each& each);
  const Pairs& pairs_of(const RedisReply& hash);
  void refuse(std::string why);
  void fail(std::string why);
  void finish();

  RedisLink& link_;
  const RedisOptions& options_;
  const Keys& keys_;
  const Done done_;

  std::optional<std::string> schema_;
  std::optional<std::string> fingerprint_;
  std::optional<std::string> filled_;
  std::optional<std::string> sealed_;
  std::vector<std::string> peers_;     ///< that are listed
  std::vector<std::string> channels_;  ///< likewise
  std::vector<std::string> inboxes_;   ///< of peers that have one
  std::size_t next_peer_ = 0;
  std::size_t next_channel_ = 0;
  std::size_t next_inbox_ = 0;
  bool begun_ = false;
  bool rest_asked_ = false;
  std::size_t under_way_ = 0;  ///< what the commands without a reply cost
  bool over_ = false;

  LoadedStore loaded_;
  LoadWarnings warnings_;
  std::string channel_;  ///< the last one that was good: its standings and its log follow
  Pairs pairs_;          ///< of the last hash or entry
};

}  // namespace signaller::persist
