// Maps and lists of address ranges. Every new connection is looked up in them.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "port/address.hpp"

namespace signaller::net {

/// A map from ranges to values. A lookup costs one hash lookup for each prefix length in use.
template <class Value>
class NetworkMap {
 public:
  void put(const port::AddressRange& range, Value value) {
    bits_.insert(range.bits());
    ranges_.insert_or_assign(range, std::move(value));
  }
  [[nodiscard]] bool empty() const { return ranges_.empty(); }
  [[nodiscard]] std::size_t size() const { return ranges_.size(); }

  /// The value of the narrowest range that contains `address` and whose value satisfies `counts`;
  /// null if no such range exists.
  template <class Counts>
  [[nodiscard]] const Value* find(const port::AddressRange& address, Counts counts) const {
    for (auto bits = bits_.rbegin(); bits != bits_.rend(); ++bits) {
      if (*bits > address.bits()) continue;
      const auto found = ranges_.find(address.widened(*bits));
      if (found != ranges_.end() && counts(found->second)) return &found->second;
    }
    return nullptr;
  }

 private:
  std::unordered_map<port::AddressRange, Value, port::AddressRange::Hash> ranges_;
  std::set<unsigned> bits_;  ///< prefix lengths in use
};

/// A list of ranges.
class Networks {
 public:
  /// Replaces the list. Returns the first text that is neither an address nor a CIDR; nothing: all
  /// texts are valid.
  std::optional<std::string> assign(const std::vector<std::string>& texts);

  [[nodiscard]] bool empty() const { return map_.empty(); }
  /// Whether one of the ranges contains `address`.
  [[nodiscard]] bool contains(const port::AddressRange& address) const;

 private:
  struct Nothing {};
  NetworkMap<Nothing> map_;
};

}  // namespace signaller::net
