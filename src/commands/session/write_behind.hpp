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
  /// Adds a Persist effect if there are changes and no batch is in progress.
  void turn_end(irc::World& world, port::Effects& out, port::Instant now);
  /// Handles the end of a batch. The changes of a failed batch are written again. Returns true if
  /// the batch in progress was stored.
  bool stored(irc::World& world, const port::Stored& stored);
  /// Sets whether the store accepts batches now.
  void set_ready(bool ready) { ready_ = ready; }
  [[nodiscard]] bool ready() const { return ready_; }
  /// Makes the next turn end with a batch, even without changes. Returns the number of that batch.
  std::uint64_t ask_for_batch();
  /// The time (steady ms) to which the next batch is postponed; nothing if it is not postponed. A
  /// batch is postponed only if no ACK waits for it. A batch costs the same for one record as for
  /// many, so changes are collected under load.
  [[nodiscard]] std::optional<std::int64_t> put_off_ms(const irc::World& world,
                                                       port::Instant now) const;
  /// The number of the last batch that was stored.
  [[nodiscard]] std::uint64_t last_stored() const { return stored_; }
  /// Whether a message is stored, or was deleted before it was stored.
  [[nodiscard]] bool is_stored(const irc::World& world, const irc::Acknowledged& message) const;
  /// Whether the store has left a message out, so that the message will never be stored.
  [[nodiscard]] bool is_left_out(const std::string& msgid) const {
    return !left_out_.empty() && left_out_.count(msgid) != 0;
  }
  /// Writes everything again, including the messages that were left out.
  void try_again_all();
  [[nodiscard]] bool idle(const irc::World& world) const {
    return !busy_ && !wanted_ && world.changes().empty();
  }
  /// The number of keys whose newest state the store has not confirmed yet.
  [[nodiscard]] std::size_t unstored(const irc::World& world) const {
    return world.changes().size() + under_way_.size();
  }
  /// The age in ms of the oldest change that the store has not confirmed. 0: it has confirmed all.
  [[nodiscard]] std::int64_t lag_ms(port::Instant now) const {
    return oldest_ms_ ? now.steady_ms - *oldest_ms_ : 0;
  }

 private:
  static constexpr std::size_t MostMarks = 2'000;      // maximum number of changes in one batch
  static constexpr std::size_t MostLeftOut = 100'000;  // maximum number of remembered msgids
  static constexpr std::int64_t BetweenMs = 2;         // ms between batches for which no ACK waits

  void leave_out(const std::string& msgid);

  irc::ChangeSet under_way_;
  bool whole_ = false;         ///< the batch in progress contains all changes
  std::int64_t taken_ms_ = 0;  ///< steady time when the batch was made
  /// Steady time before which no batch begins unless an ACK waits for it.
  std::int64_t next_ms_ = 0;
  std::set<std::string, std::less<>> left_out_;  ///< msgids of messages that the store left out
  std::deque<std::string> left_out_order_;       ///< the same msgids, the oldest first
  /// Steady time of the oldest change that the store has not confirmed.
  std::optional<std::int64_t> oldest_ms_;
  bool busy_ = false;
  bool ready_ = true;
  bool wanted_ = false;
  std::uint64_t token_ = 0;
  std::uint64_t stored_ = 0;
};

}  // namespace signaller::commands
