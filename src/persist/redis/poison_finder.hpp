// Finds the poison record: a record above a limit of Redis, or of a proxy in front of it, for which
// the other side closes the connection without an error.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "persist/format/keys.hpp"

namespace signaller::persist {

/// Finds the poison record by writing fewer and fewer records at a time. The records in flight when
/// the connection closed are suspected. The writer then sends suspected records apart from others,
/// an eighth of them per transaction. A record is poison when the connection closes three times
/// while it is the only record sent. Finding one among 2,048 records takes about seven connections.
/// Once a record is stored, the suspicion ends. The caller must check that Redis did not restart: a
/// killed Redis proves nothing about a record.
class PoisonFinder {
 public:
  /// A record of a transaction.
  struct WrittenRecord {
    std::string name;  ///< its key, and the field or entry
    std::size_t bytes = 0;
  };
  /// Describes a record by its commands.
  /// @param commands  all commands of one record, at least one
  static WrittenRecord describe(const Argv* commands, std::size_t count);

  /// True if no record is suspected or poison: transactions need no checks.
  [[nodiscard]] bool has_no_findings() const { return suspected_.empty() && poison_.empty(); }
  [[nodiscard]] bool is_suspect(const WrittenRecord& record) const {
    return suspected_.count(record.name) > 0;
  }
  /// Number of suspected records that one transaction may hold.
  [[nodiscard]] std::size_t max_batch() const { return max_batch_; }
  /// True if a record of the same name was poison and `record` is not smaller.
  [[nodiscard]] bool is_poison(const WrittenRecord& record) const;

  /// Call when the other side closed the connection while these records were in flight.
  void on_connection_closed(const std::vector<WrittenRecord>& records);
  void stored(const WrittenRecord& record) { suspected_.erase(record.name); }
  /// Call when Redis has restarted or was emptied: its limits may have changed.
  void forget_poison() { poison_.clear(); }

 private:
  static constexpr std::size_t MaxPoison = 1'000;
  static constexpr unsigned RequiredLosses = 3;

  std::unordered_set<std::string> suspected_;
  std::size_t max_batch_ = 0;
  /// number of connections lost in a row while the same suspected record was the only one in flight
  unsigned losses_alone_ = 0;
  std::unordered_map<std::string, std::size_t> poison_;  ///< size in bytes by name
};

}  // namespace signaller::persist
