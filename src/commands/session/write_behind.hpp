// Writes changes to the store in batches, one batch at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "irc/history/label_cache.hpp"
#include "irc/world.hpp"
#include "port/effects.hpp"
#include "port/store.hpp"
#include "port/time.hpp"

namespace signaller::commands {

class WriteBehind {
 public:
  /// Adds a Persist if there are changes and no batch is under way.
  void turn_end(irc::World& world, port::Effects& out, port::Instant now);
  /// A batch was stored or failed. The changes of a failed batch are written again. Returns true if
  /// it was the batch under way, and is stored.
  bool stored(irc::World& world, const port::Stored& stored);
  /// Whether the store takes batches now.
  void set_ready(bool ready) { ready_ = ready; }
  [[nodiscard]] bool ready() const { return ready_; }
  /// The next turn ends with a batch even without changes. Returns the number of that batch.
  std::uint64_t ask_for_batch();
  /// The time (steady ms) of the next batch, if a batch that no ACK waits for is put off. A batch
  /// costs the same for one record as for many, so under load changes are collected.
  [[nodiscard]] std::optional<std::int64_t> put_off_ms(const irc::World& world,
                                                       port::Instant now) const;
  /// The number of the last batch that was stored.
  [[nodiscard]] std::uint64_t last_stored() const { return stored_; }
  /// Whether a message is stored, or no longer needs to be.
  [[nodiscard]] bool is_stored(const irc::World& world, const irc::Acknowledged& message) const;
  /// Whether the store has left a message out, so that it will never be stored.
  [[nodiscard]] bool is_left_out(const std::string& msgid) const {
    return !left_out_.empty() && left_out_.count(msgid) != 0;
  }
  /// Everything is written again, also the messages that were left out.
  void try_again_all();
  [[nodiscard]] bool idle(const irc::World& world) const {
    return !busy_ && !wanted_ && world.changes().empty();
  }
  /// The number of keys whose newest state is not known to be stored.
  [[nodiscard]] std::size_t unstored(const irc::World& world) const {
    return world.changes().size() + under_way_.size();
  }
  /// The age in ms of the oldest change that may not be stored. 0: everything is stored.
  [[nodiscard]] std::int64_t lag_ms(port::Instant now) const {
    return oldest_ms_ ? now.steady_ms - *oldest_ms_ : 0;
  }

 private:
  static constexpr std::size_t MostMarks = 2'000;      // in one batch
  static constexpr std::size_t MostLeftOut = 100'000;  // that are known
  static constexpr std::int64_t BetweenMs = 2;         // ms between batches that no ACK waits for

  void leave_out(const std::string& msgid);

  irc::ChangeSet under_way_;
  bool whole_ = false;         ///< the batch under way contains all changes
  std::int64_t taken_ms_ = 0;  ///< when the batch was made (steady)
  std::int64_t next_ms_ = 0;   ///< when the next batch that no ACK waits for may begin (steady)
  std::set<std::string, std::less<>> left_out_;  ///< msgids
  std::deque<std::string> left_out_order_;       ///< the oldest first
  std::optional<std::int64_t> oldest_ms_;        ///< every older change is stored (steady)
  bool busy_ = false;
  bool ready_ = true;
  bool wanted_ = false;
  std::uint64_t token_ = 0;
  std::uint64_t stored_ = 0;
};

}  // namespace signaller::commands
