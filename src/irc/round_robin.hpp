// Takes elements from a set or map in turns, so that each element is taken sooner or later.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

namespace signaller::irc {

template <class Key, class Value>
const Key& key_of(const std::pair<const Key, Value>& entry) {
  return entry.first;
}
template <class Key>
const Key& key_of(const Key& entry) {
  return entry;
}
template <class First, class Second>
const std::pair<First, Second>& key_of(const std::pair<First, Second>& entry) {
  return entry;
}

/// Moves elements from `from` to `to` until their cost reaches `left`; the last element may exceed
/// `left`. Begins after the key `last`, at which the previous call stopped. A call that began at
/// the first element could take the same elements each time, if they are added again between the
/// calls.
/// @param last  updated to the last key that was taken
/// @param left  reduced by the cost of the taken elements
/// @param cost  returns the cost of one element
template <class Container, class Cost>
void take_round_robin(Container& from, Container& to, typename Container::key_type& last,
                      std::size_t& left, const Cost& cost) {
  for (auto next = from.upper_bound(last); left > 0 && !from.empty();) {
    if (next == from.end()) next = from.begin();
    last = key_of(*next);
    left -= std::min(left, cost(*next));
    to.insert(from.extract(next++));
  }
}

}  // namespace signaller::irc
