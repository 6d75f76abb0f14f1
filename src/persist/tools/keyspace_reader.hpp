// Reads all keys under a prefix for the garbage collector, with SCAN.
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
  /// Both arguments must outlive this object.
  KeyspaceReader(ToolConnection& connection, const std::string& prefix)
      : connection_(connection), prefix_(prefix) {}

  /// Reads all keys. Call it once. Returns false on failure; the connection has the reason.
  [[nodiscard]] bool read();
  [[nodiscard]] const Keyspace& keyspace() const { return keyspace_; }

 private:
  [[nodiscard]] bool scan();
  [[nodiscard]] bool read_contents();
  void query(const std::string& key, const KnownKey& known);
  void add_wrong_type(const std::string& key, const KnownKey& known);
  void add(const std::string& key, const KnownKey& known, const RedisReply& reply);
  void add_index_entries(const std::string& key, const RedisReply& reply,
                         std::vector<IndexEntry>& out) const;
  void add_peer(const std::string& key, std::string_view id, const Pairs& hash);
  void add_channel(const std::string& key, std::string_view name, const Pairs& hash);
  void add_standings(const std::string& key, std::string_view name, const Pairs& hash);
  void add_bans(const std::string& key, const Pairs& hash);
  void add_stream(const std::string& key, KeyKind kind, const RedisReply& reply);
  void add_corrupt_field(const std::string& key, std::string_view field);

  ToolConnection& connection_;
  const std::string& prefix_;
  Keyspace keyspace_;
  std::size_t pending_cost_ = 0;  ///< sum of the costs of commands without a reply
};

}  // namespace signaller::persist
