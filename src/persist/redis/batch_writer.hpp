// Writes one batch of records: in transactions of bounded size, one after the other.
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
  FencedResult::Verdict verdict = FencedResult::Verdict::Failed;  ///< never Again
  std::string why;                                                ///< of Failed and Taken
  std::vector<std::string> faults;    ///< of Done: what could not be written as it was to be
  std::vector<std::string> left_out;  ///< of Done: the msgids of messages among that
  bool healed = false;  ///< a key was deleted that others had spoilt: what it held before is gone
};

/// One batch on one connection. Lives on the loop's thread; if the link is lost, nothing is called
/// any more and it may go.
class BatchWriter {
 public:
  using Done = std::function<void(BatchResult)>;

  /// @param lease  watched and ours
  /// @param first  commands before all others
  /// @param done      called once; the object may go only later
  /// @param suspects  outlives it; null: whatever Redis hangs up at is written again
  BatchWriter(RedisLink& link, const Lease& lease, const Keys& keys,
              std::vector<port::Record> records, std::vector<Argv> first, Done done,
              PoisonFinder* poison_finder = nullptr);

  void start();
  /// What has been sent and may or may not be stored.
  [[nodiscard]] std::vector<PoisonFinder::One> under_way() const;

 private:
  void next();
  void gather();
  [[nodiscard]] bool is_full(std::size_t bytes) const;
  [[nodiscard]] bool goes_on_with_log() const;
  [[nodiscard]] PoisonFinder::One one(std::size_t i) const;
  void write();
  void written(const FencedResult& answer);
  void remove(std::size_t record);
  void leave_out(const FencedResult& answer);
  void judge_errors(const FencedResult& answer);
  [[nodiscard]] bool was_replaced(const std::string& key, std::size_t before) const;
  void heal(const std::set<std::string>& keys, std::string_view why);
  void look_up(const std::vector<std::size_t>& doubtful);
  void looked_up(std::size_t i, const RedisReply& reply);
  void settle();
  void fault(const std::string& key, std::string_view why);
  void left_out(std::size_t record);
  [[nodiscard]] std::size_t part_of(std::size_t command) const;
  void end(FencedResult::Verdict verdict, std::string why);

  RedisLink& link_;
  const Lease& lease_;
  const Keys& keys_;
  const std::vector<port::Record> records_;
  const Done done_;

  PoisonFinder* const suspects_;

  std::size_t next_ = 0;              ///< record
  std::vector<Argv> writes_;          ///< of the transaction under way
  std::vector<std::size_t> starts_;   ///< where in it the commands of each record begin
  std::vector<std::size_t> parts_;    ///< which records these are
  unsigned tries_ = 0;                ///< of it
  bool healing_ = false;              ///< it deletes keys first that are not what they should be
  std::size_t lookups_ = 0;           ///< without a reply
  std::vector<std::size_t> foreign_;  ///< entries that are not there, since others are
  BatchResult answer_;
};

}  // namespace signaller::persist
