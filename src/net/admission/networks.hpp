// Lists of addresses and ranges of them, asked at every arrival.
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

/// Values by range. Asking costs a look for each length of prefix that occurs, not for each range.
template <class Value>
class NetworkMap {
 public:
  void put(const port::AddressRange& range, Value value) {
    bits_.insert(range.bits());
    ranges_.insert_or_assign(range, std::move(value));
  }
  [[nodiscard]] bool empty() const { return ranges_.empty(); }
  [[nodiscard]] std::size_t size() const { return ranges_.size(); }

  /// The value of the narrowest range that holds all of `address` and whose value `counts`; null
  /// if there is none.
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
  std::set<unsigned> bits_;  ///< that occur
};

/// A list of ranges.
class Networks {
 public:
  /// Empties the list and fills it anew. The first text that is no address and no CIDR, or
  /// nothing: then all of them are in it.
  std::optional<std::string> assign(const std::vector<std::string>& texts);

  [[nodiscard]] bool empty() const { return map_.empty(); }
  /// Whether all of `address` lies in one of them.
  [[nodiscard]] bool contains(const port::AddressRange& address) const;

 private:
  struct Nothing {};
  NetworkMap<Nothing> map_;
};

}  // namespace signaller::net
