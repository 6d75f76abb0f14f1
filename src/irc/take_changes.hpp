// Takes marks of what has changed, so many at a time, and each in its turn.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

namespace signaller::irc {

template <class Key, class Value>
const Key& key_of(const std::pair<const Key, Value>& mark) {
  return mark.first;
}
template <class Key>
const Key& key_of(const Key& mark) {
  return mark;
}
template <class First, class Second>
const std::pair<First, Second>& key_of(const std::pair<First, Second>& mark) {
  return mark;
}

/// Moves marks that cost what is `left` together, the last of them perhaps more. Each time from
/// where the last batch has ended: busy ones are dirty again by the next, and would be all that is
/// ever stored.
template <class Marks, class Cost>
void take_some(Marks& from, Marks& to, typename Marks::key_type& last, std::size_t& left,
               const Cost& cost) {
  for (auto next = from.upper_bound(last); left > 0 && !from.empty();) {
    if (next == from.end()) next = from.begin();
    last = key_of(*next);
    left -= std::min(left, cost(*next));
    to.insert(from.extract(next++));
  }
}

}  // namespace signaller::irc
