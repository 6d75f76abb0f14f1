// Where everything is in Redis: all keys lie below one prefix. docs/redis.rst lists them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace signaller::persist {

/// A command for Redis, its name first. Binary safe.
using Argv = std::vector<std::string>;

/// The layout that this server writes, and the only one that it reads.
constexpr std::string_view Schema = "1";

/// The key of a channel: ASCII letters to lower case, as port/records.hpp says.
std::string folded(std::string name);

class Keys {
 public:
  /// Sets that list what there is: so many of peers, and as many of channels, so that each is small
  /// enough to be read at once.
  static constexpr unsigned Buckets = 256;

  explicit Keys(std::string prefix) : prefix_(std::move(prefix)) {}

  [[nodiscard]] std::string schema() const { return prefix_ + "schema"; }
  [[nodiscard]] std::string key() const { return prefix_ + "key"; }
  [[nodiscard]] std::string lease() const { return prefix_ + "lease"; }
  [[nodiscard]] std::string filled() const { return prefix_ + "filled"; }
  [[nodiscard]] std::string sealed() const { return prefix_ + "sealed"; }
  [[nodiscard]] std::string bans() const { return prefix_ + "bans"; }
  [[nodiscard]] std::string audit() const { return prefix_ + "audit"; }

  /// @param bucket  below Buckets
  [[nodiscard]] std::string peers(unsigned bucket) const;
  [[nodiscard]] std::string channels(unsigned bucket) const;
  /// The bucket of a peer: the last two hex digits of its id.
  [[nodiscard]] std::string peers_of(std::string_view id) const;
  /// The bucket of a channel: FNV-1a, 32 bits, of its folded name, modulo Buckets.
  [[nodiscard]] std::string channels_of(std::string_view channel) const;

  [[nodiscard]] std::string peer(std::string_view id) const { return with("peer:", id); }
  [[nodiscard]] std::string mail(std::string_view id) const { return with("mail:", id); }
  [[nodiscard]] std::string channel(std::string_view name) const { return with("channel:", name); }
  [[nodiscard]] std::string standing(std::string_view name) const {
    return with("standing:", name);
  }
  [[nodiscard]] std::string log(std::string_view name) const { return with("log:", name); }

 private:
  [[nodiscard]] std::string with(std::string_view kind, std::string_view name) const;

  std::string prefix_;
};

}  // namespace signaller::persist
