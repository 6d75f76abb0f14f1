// Reads what lies below a prefix for a sweep: every key there is, with SCAN.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "persist/format/fields.hpp"
#include "persist/format/known_key.hpp"
#include "persist/tools/keyspace.hpp"
#include "persist/tools/tool_connection.hpp"

namespace signaller::persist {

class KeyspaceReader {
 public:
  /// Both must outlive it.
  KeyspaceReader(RedisVisit& visit, const std::string& prefix) : visit_(visit), prefix_(prefix) {}

  /// Once. False: the visit says why.
  [[nodiscard]] bool read();
  [[nodiscard]] const Keyspace& keyspace() const { return keyspace_; }

 private:
  [[nodiscard]] bool scan();
  [[nodiscard]] bool read_contents();
  void ask(const std::string& key, const KnownKey& known);
  void foreign(const std::string& key, const KnownKey& known);
  void take(const std::string& key, const KnownKey& known, const RedisReply& reply);
  void take_listings(const std::string& key, const RedisReply& reply,
                     std::vector<Listing>& out) const;
  void take_peer(const std::string& key, std::string_view id, const Pairs& hash);
  void take_channel(const std::string& key, std::string_view name, const Pairs& hash);
  void take_standings(const std::string& key, std::string_view name, const Pairs& hash);
  void take_bans(const std::string& key, const Pairs& hash);
  void take_stream(const std::string& key, KeyKind kind, const RedisReply& reply);
  void corrupt_field(const std::string& key, std::string_view field);

  RedisVisit& visit_;
  const std::string& prefix_;
  Keyspace keyspace_;
  std::size_t under_way_ = 0;  ///< what the commands without a reply cost
};

}  // namespace signaller::persist
