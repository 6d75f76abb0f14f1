// Finds the record at which Redis hangs up: one that is above a limit of Redis, or of what stands
// before it, ends the connection without a word of which it was.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "persist/format/keys.hpp"

namespace signaller::persist {

/// Whoever was being written when the connection ended is suspected. Suspects are written apart
/// from the others, an eighth of them at a time, until one is left; if Redis hangs up three
/// times when that one is written alone, it is not written again. So for 2,048 records in a
/// transaction, Redis hangs up seven times. Any that gets stored meanwhile is acquitted. Whoever
/// asks must know that Redis itself has lived on: one that was killed accuses nobody.
class PoisonFinder {
 public:
  /// A record, and how much of it is written.
  struct One {
    std::string name;  ///< its key, and which field or entry
    std::size_t bytes = 0;
  };
  /// @param commands  of one record, not empty
  static One one(const Argv* commands, std::size_t count);

  /// Nobody is suspected: all records may be written as they come.
  [[nodiscard]] bool none() const { return suspects_.empty() && refused_.empty(); }
  [[nodiscard]] bool has(const One& one) const { return suspects_.count(one.name) > 0; }
  /// Suspects that one transaction may take.
  [[nodiscard]] std::size_t most() const { return most_; }
  /// Whether it is not to be written: one of this name was refused, and this one is no smaller.
  [[nodiscard]] bool refuses(const One& one) const;

  /// Redis hung up while these were being written.
  void hung_up(const std::vector<One>& written);
  void stored(const One& one) { suspects_.erase(one.name); }
  /// Redis may have other limits now.
  void forget_refused() { refused_.clear(); }

 private:
  static constexpr std::size_t MostRefused = 1'000;
  static constexpr unsigned TimesAlone = 3;

  std::unordered_set<std::string> suspects_;
  std::size_t most_ = 0;
  unsigned alone_ = 0;  ///< how often in a row Redis hung up at the only suspect alone
  std::unordered_map<std::string, std::size_t> refused_;  ///< by name: how large
};

}  // namespace signaller::persist
