// The numbers of topics: one allocator for the process, so that two protocols never share one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "port/ids.hpp"

namespace signaller::port {

/// Gives topic numbers out, small and dense. The application owns it and lends it to every
/// protocol and to the world: a shard finds a topic by its number alone. The core's thread only.
class TopicNumbers {
 public:
  /// @returns a number that no topic has; preferably one that was given back
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
  /// Keeps a topic of another protocol from being given out again: subscribers of this protocol
  /// would get what its next owner publishes. Each `share` needs a `give_back` of its own.
  /// @param topic  a number in use
  void share(TopicId topic) { ++holders_of(topic); }
  /// Ends a `take` or a `share`, once all that one subscribed by it has been unsubscribed. With the
  /// last of them the number is free. Does nothing for a number that is not in use.
  void give_back(TopicId topic) {
    if (!is_taken(topic) || --holders_of(topic) != 0) return;
    free_.push_back(topic);
  }
  [[nodiscard]] bool is_taken(TopicId topic) const {
    const auto number = static_cast<std::size_t>(topic);
    return number != 0 && number <= holders_.size() && holders_[number - 1] != 0;
  }
  /// How many numbers are taken now.
  [[nodiscard]] std::size_t size() const { return holders_.size() - free_.size(); }

 private:
  std::uint32_t& holders_of(TopicId topic) {
    return holders_.at(static_cast<std::size_t>(topic) - 1);
  }

  std::vector<std::uint32_t> holders_;  ///< how many hold each number, from 1 on; 0: it is free
  std::vector<TopicId> free_;
};

}  // namespace signaller::port
