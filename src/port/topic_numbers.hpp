// The numbers of topics: one allocator for the process, so that two protocols never share one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "port/ids.hpp"

namespace signaller::port {

/// Assigns topic numbers, small and dense. The application owns the allocator and lends it to every
/// protocol and to the world: a shard finds a topic by its number alone. The core's thread only.
class TopicNumbers {
 public:
  /// @returns a number that no topic has; preferably a number that was given back
  TopicId take() {
    if (free_.empty()) {
      holders_.push_back(1);
      return TopicId{static_cast<std::uint32_t>(holders_.size())};
    }
    const TopicId topic = free_.back();
    free_.pop_back();
    holders_of(topic) = 1;
    return topic;
  }
  /// Registers another holder of a topic, so that its number is not assigned again: otherwise the
  /// subscribers of this protocol would receive the lines of the number's next topic. Each `share`
  /// needs its own `give_back`.
  /// @param topic  a number in use
  void share(TopicId topic) { ++holders_of(topic); }
  /// Ends a `take` or a `share`. Call it after all subscriptions of this holder have ended. The
  /// number is free when its last holder has given it back. Does nothing for a number that is not
  /// in use.
  void give_back(TopicId topic) {
    if (!is_taken(topic) || --holders_of(topic) != 0) return;
    free_.push_back(topic);
  }
  [[nodiscard]] bool is_taken(TopicId topic) const {
    const auto number = static_cast<std::size_t>(topic);
    return number != 0 && number <= holders_.size() && holders_[number - 1] != 0;
  }
  /// The number of topic numbers in use.
  [[nodiscard]] std::size_t size() const { return holders_.size() - free_.size(); }

 private:
  std::uint32_t& holders_of(TopicId topic) {
    return holders_.at(static_cast<std::size_t>(topic) - 1);
  }

  std::vector<std::uint32_t>
      holders_;  ///< number of holders of each topic number, from 1 on; 0: the number is free
  std::vector<TopicId> free_;
};

}  // namespace signaller::port
