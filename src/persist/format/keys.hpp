// Names of all keys in Redis, under one prefix. docs/redis.rst lists them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace signaller::persist {

/// A command for Redis and its arguments. Binary safe.
using Argv = std::vector<std::string>;

/// Version of the layout that this server writes and reads.
constexpr std::string_view Schema = "1";

/// Folds a channel name for its key: ASCII letters to lower case, as in port/records.hpp.
std::string folded(std::string name);

class Keys {
 public:
  /// Number of index sets for peers, and for channels. Many small sets can each be read in one
  /// reply.
  static constexpr unsigned Buckets = 256;

  explicit Keys(std::string prefix) : prefix_(std::move(prefix)) {}

  [[nodiscard]] std::string schema() const { return prefix_ + "schema"; }
  [[nodiscard]] std::string key() const { return prefix_ + "key"; }
  [[nodiscard]] std::string lease() const { return prefix_ + "lease"; }
  [[nodiscard]] std::string filled() const { return prefix_ + "filled"; }
  [[nodiscard]] std::string sealed() const { return prefix_ + "sealed"; }
  [[nodiscard]] std::string bans() const { return prefix_ + "bans"; }
  [[nodiscard]] std::string audit() const { return prefix_ + "audit"; }

  /// @param bucket  less than Buckets
  [[nodiscard]] std::string peers(unsigned bucket) const;
  [[nodiscard]] std::string channels(unsigned bucket) const;
  /// Index set of a peer, selected by the last two hex digits of its id.
  [[nodiscard]] std::string peers_of(std::string_view id) const;
  /// Index set of a channel, selected by the FNV-1a hash (32 bits) of its folded name, modulo
  /// Buckets.
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
