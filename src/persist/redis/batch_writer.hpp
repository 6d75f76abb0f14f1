// Writes one batch of records to Redis, in consecutive transactions of bounded size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "persist/format/keys.hpp"
#include "persist/redis/fenced_write.hpp"
#include "persist/redis/lease.hpp"
#include "persist/redis/poison_finder.hpp"
#include "persist/redis/redis_link.hpp"
#include "port/records.hpp"

namespace signaller::persist {

struct BatchResult {
  FencedResult::Outcome outcome = FencedResult::Outcome::Failed;  ///< never Outcome::Again
  std::string why;  ///< for Failed and Taken: the reason
  /// for Done: keys that were not written as requested, and why
  std::vector<std::string> warnings;
  std::vector<std::string> left_out;  ///< for Done: msgids of messages that were not written
  bool deleted_keys = false;  ///< a conflicting key was deleted: everything must be written again
};

/// Writes one batch on one connection. Used on the loop's thread. If the link is lost, no callback
/// follows and the object may be destroyed.
class BatchWriter {
 public:
  using Done = std::function<void(BatchResult)>;

  /// @param lease  held by this process and watched on `link`
  /// @param first  commands that precede all records
  /// @param done  called once; the object must not be destroyed inside the call
  /// @param poison_finder  must outlive the object; null: a record that makes Redis close the
  ///                       connection is retried without limit
  BatchWriter(RedisLink& link, const Lease& lease, const Keys& keys,
              std::vector<port::Record> records, std::vector<Argv> first, Done done,
              PoisonFinder* poison_finder = nullptr);

  void start();
  /// Records of the transaction that is in flight: Redis may or may not have stored them.
  [[nodiscard]] std::vector<PoisonFinder::WrittenRecord> records_in_flight() const;

 private:
  void next();
  void collect_records();
  [[nodiscard]] bool is_full(std::size_t bytes) const;
  [[nodiscard]] bool continues_log() const;
  [[nodiscard]] PoisonFinder::WrittenRecord written_record(std::size_t i) const;
  void write();
  void on_written(const FencedResult& result);
  void remove(std::size_t record);
  void drop_refused(const FencedResult& result);
  void classify_errors(const FencedResult& result);
  [[nodiscard]] bool was_replaced(const std::string& key, std::size_t before) const;
  void delete_conflicting(const std::set<std::string>& keys, std::string_view why);
  void check_entries(const std::vector<std::size_t>& duplicates);
  void on_entry(std::size_t i, const RedisReply& reply);
  void finish_transaction();
  void report(const std::string& key, std::string_view why);
  void note_left_out(std::size_t record);
  [[nodiscard]] std::size_t part_with(std::size_t command) const;
  void end(FencedResult::Outcome outcome, std::string why);

  RedisLink& link_;
  const Lease& lease_;
  const Keys& keys_;
  const std::vector<port::Record> records_;
  const Done done_;

  PoisonFinder* const poison_finder_;

  std::size_t next_ = 0;      ///< index of the next record
  std::vector<Argv> writes_;  ///< commands of the current transaction
  /// index in `writes_` of the first command of each record
  std::vector<std::size_t> starts_;
  /// index in `records_` of each record sent
  std::vector<std::size_t> parts_;
  unsigned attempts_ = 0;           ///< how often the current transaction was sent
  bool deleting_ = false;           ///< the transaction begins with DEL of conflicting keys
  std::size_t pending_checks_ = 0;  ///< XRANGE commands without a reply
  /// indexes of commands whose entry is not in Redis, because another entry has its id
  std::vector<std::size_t> conflicting_;
  BatchResult result_;
};

}  // namespace signaller::persist
