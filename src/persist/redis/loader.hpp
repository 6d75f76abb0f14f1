// Reads all records from Redis: first the index sets, then the records that they list. Commands are
// pipelined within a bound that keeps Redis busy and limits its reply buffer.
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
  std::string problem;  ///< why reading failed; empty: `restored` is complete
  port::Restored restored;
  std::string filled;  ///< value of the key `filled`: the server start that wrote last; empty: none
};

/// Loads once on one connection. Used on the loop's thread. If the link is lost, no callback
/// follows and the object may be destroyed.
class Loader {
 public:
  using Done = std::function<void(LoadedStore)>;

  /// All arguments must outlive this object.
  /// @param done  called once; the object must not be destroyed inside the call
  Loader(RedisLink& link, const RedisOptions& options, const Keys& keys, Done done);

  void start();
  /// Suppresses `done`. Keep the object until the link has been dropped.
  void abandon() { finished_ = true; }

 private:
  void query_header();
  void query_indexes();
  /// True if this server may use the stored data; otherwise reports why not.
  bool is_compatible();
  void check_key(bool has_records);
  bool begin_records();
  void send_more();
  void query_peer(const std::string& id);
  void query_mail(const std::string& id);
  void query_channel(const std::string& name);
  void query_bans_and_audit();
  void on_peer(const std::string& id, const std::string& key, const RedisReply& reply);
  void on_channel(const std::string& name, const std::string& key, const RedisReply& reply);
  using Read = std::function<void(const std::string& key, const RedisReply&)>;
  /// Sends a command about the key `argv[1]`.
  /// @param cost  share of MaxLoadCost that the command takes until its reply
  /// @param read  gets the reply unless it is an error
  void query(const Argv& argv, std::size_t cost, Read read);
  void on_error(const std::string& key, const RedisReply& reply);
  [[nodiscard]] bool is_current(const std::string& channel) const;
  template <class Each>
  void for_each_entry(const RedisReply& reply, const std::string& key, const Each& each);
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
  std::vector<std::string> peers_;     ///< ids in the index sets
  std::vector<std::string> channels_;  ///< names in the index sets
  std::vector<std::string> inboxes_;   ///< ids of the peers that have an inbox
  std::size_t next_peer_ = 0;
  std::size_t next_channel_ = 0;
  std::size_t next_inbox_ = 0;
  bool records_begun_ = false;
  bool bans_and_audit_queried_ = false;
  std::size_t pending_cost_ = 0;  ///< sum of the costs of commands without a reply
  bool finished_ = false;

  LoadedStore loaded_;
  LoadWarnings warnings_;
  std::string current_channel_;  ///< last valid channel: its standings and log are read next
  Pairs pairs_;                  ///< fields of the last hash or stream entry
};

}  // namespace signaller::persist
