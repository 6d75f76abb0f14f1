// The bans of the server: ids, addresses and ranges of addresses.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "irc/ban.hpp"
#include "irc/text/object_id.hpp"
#include "port/address.hpp"

namespace signaller::irc {

class ServerBans {
 public:
  struct RangeBan {
    port::AddressRange range;
    Ban ban;
  };
  using ById = std::map<PeerId, Ban>;
  using ByRange = std::map<std::string, RangeBan>;  ///< keys are the ranges as text

  [[nodiscard]] const ById& ids() const { return ids_; }
  [[nodiscard]] const ByRange& ranges() const { return ranges_; }
  /// Increases with each change of the ranges.
  [[nodiscard]] std::uint64_t ranges_version() const { return ranges_version_; }
  [[nodiscard]] std::size_t size() const { return ids_.size() + ranges_.size(); }
  /// The ban that is in force at `now_ms` (Unix), or null.
  [[nodiscard]] const Ban* find(const PeerId& id, std::int64_t now_ms) const;
  [[nodiscard]] const Ban* find_address(std::string_view address, std::int64_t now_ms) const;

  /// The ban of an id or range that is given as text, even if the ban has expired; or null.
  [[nodiscard]] const Ban* find_text(const std::string& subject) const;

  void add(const PeerId& id, Ban ban) { ids_.insert_or_assign(id, std::move(ban)); }
  void add(const port::AddressRange& range, Ban ban) {
    ranges_.insert_or_assign(range.text(), RangeBan{range, std::move(ban)});
    ++ranges_version_;
  }
  /// Removes a ban. Returns false if there was no such ban.
  bool lift(const PeerId& id) { return ids_.erase(id) != 0; }
  bool lift(const port::AddressRange& range) {
    ++ranges_version_;
    return ranges_.erase(range.text()) != 0;
  }

 private:
  ById ids_;
  ByRange ranges_;
  std::uint64_t ranges_version_ = 0;
};

}  // namespace signaller::irc
