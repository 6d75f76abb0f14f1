// Hands what is dirty to the store: one batch under way at a time.
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
  /// Adds a Persist if something is dirty and no batch is under way.
  void turn_end(irc::World& world, port::Effects& out, port::Instant now);
  /// A batch that was refused is dirty again. True: it was one of ours, and is stored.
  bool stored(irc::World& world, const port::Stored& stored);
  /// The store takes batches, or takes none now.
  void set_ready(bool ready) { ready_ = ready; }
  [[nodiscard]] bool ready() const { return ready_; }
  /// The next turn ends with a batch even if there is nothing to store.
  std::uint64_t ask_for_batch();
  /// Until when a batch is put off that nobody waits for (steady ms), if there is one. A batch
  /// costs the same for one record as for many: under load, these come together.
  [[nodiscard]] std::optional<std::int64_t> put_off_ms(const irc::World& world,
                                                       port::Instant now) const;
  /// The last batch that was stored.
  [[nodiscard]] std::uint64_t last_stored() const { return stored_; }
  /// Whether a message is stored, or need not be any more.
  [[nodiscard]] bool is_stored(const irc::World& world, const irc::Acknowledged& message) const;
  /// Whether the store has left a message out, so that it will never be stored.
  [[nodiscard]] bool is_left_out(const std::string& msgid) const {
    return !left_out_.empty() && left_out_.count(msgid) != 0;
  }
  /// Everything is written again: also what was left out.
  void try_again_all();
  [[nodiscard]] bool idle(const irc::World& world) const {
    return !busy_ && !wanted_ && world.changes().empty();
  }
  /// Keys whose newest state is not stored, as far as is known.
  [[nodiscard]] std::size_t unstored(const irc::World& world) const {
    return world.changes().size() + under_way_.size();
  }
  /// How long the oldest change has waited that may not be stored, in milliseconds. 0: all is.
  [[nodiscard]] std::int64_t lag_ms(port::Instant now) const {
    return oldest_ms_ ? now.steady_ms - *oldest_ms_ : 0;
  }

 private:
  static constexpr std::size_t MostMarks = 2'000;      // in one batch
  static constexpr std::size_t MostLeftOut = 100'000;  // that are known
  static constexpr std::int64_t BetweenMs = 2;         // batches that nobody waits for

  void leave_out(const std::string& msgid);

  irc::ChangeSet under_way_;
  bool whole_ = false;         ///< it was all that there was
  std::int64_t taken_ms_ = 0;  ///< when it was made (steady)
  std::int64_t next_ms_ = 0;   ///< when one may begin that nobody waits for (steady)
  std::set<std::string, std::less<>> left_out_;  ///< msgids
  std::deque<std::string> left_out_order_;       ///< the first ones are forgotten first
  std::optional<std::int64_t> oldest_ms_;        ///< no change before this is unstored (steady)
  bool busy_ = false;
  bool ready_ = true;
  bool wanted_ = false;
  std::uint64_t token_ = 0;
  std::uint64_t stored_ = 0;
};

}  // namespace signaller::commands
