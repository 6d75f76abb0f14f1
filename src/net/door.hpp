// Who may come: the limits on connections and the bans, asked once for each arrival.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "net/networks.hpp"
#include "net/options.hpp"
#include "net/refusal.hpp"
#include "port/bucket.hpp"
#include "port/effects.hpp"
#include "port/time.hpp"

namespace signaller::net {

class Door;

/// A place that somebody has taken up at the door, left exactly once: by its end.
class Pass {
 public:
  Pass() = default;
  Pass(Pass&& other) noexcept : door_(std::exchange(other.door_, nullptr)), who_(other.who_) {}
  Pass& operator=(Pass&& other) noexcept {
    std::swap(door_, other.door_);
    std::swap(who_, other.who_);
    return *this;
  }
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;
  ~Pass();

 private:
  friend class Door;
  Pass(Door& door, const port::AddressRange& who) : door_(&door), who_(who) {}
  Door* door_ = nullptr;
  port::AddressRange who_;
};

/// Either a pass, or why there is none.
struct Admission {
  Pass pass;
  Refusal refusal;
};

/// Counts connections by IPv4 address or IPv6 /64. Any thread; it locks, so it has no place on a
/// message's way. Must outlive its passes.
class Door {
 public:
  explicit Door(const DoorOptions& options = {}) { tune(options); }

  /// New limits and proxies, from here on. What is open stays.
  /// @param options  whose texts have been checked
  void tune(const DoorOptions& options);
  /// Replaces the bans that a protocol has sent before.
  /// @param protocol  index
  void bar(std::size_t protocol, const port::Bar& bar);

  /// What the client may do next. A refusal takes no place and nothing out of a bucket.
  Admission enter(const port::AddressRange& address, port::Instant now);
  /// Whether that is a proxy whose word about its clients counts. It is never counted or banned.
  [[nodiscard]] bool trusts(const port::AddressRange& address) const;
  [[nodiscard]] std::shared_ptr<const Networks> trusted() const;
  /// Whether one more refused client may be told so in its own protocol, which costs a handshake.
  bool may_explain(port::Instant now);

  /// Addresses that are known now: those with connections, or with a bucket that is not full.
  [[nodiscard]] std::size_t known() const;
  /// Connections that are counted now.
  [[nodiscard]] std::size_t open() const;

 private:
  friend class Pass;
  struct Ban {
    std::string text;
    std::int64_t until_ms = 0;  ///< Unix; 0: for ever
  };
  using Bans = NetworkMap<Ban>;
  struct Use {
    port::Bucket arrivals;
    std::size_t open = 0;
  };

  [[nodiscard]] Refusal banned(const port::AddressRange& address, port::Instant now) const;
  Refusal judge(Use& use, const port::AddressRange& who, port::Instant now) const;
  void leave(const port::AddressRange& who);
  void forget_idle(port::Instant now);

  mutable std::mutex mutex_;
  DoorOptions options_;
  std::shared_ptr<const Networks> trusted_;
  std::vector<Bans> bans_;  ///< for each protocol
  std::unordered_map<port::AddressRange, Use, port::AddressRange::Hash> uses_;
  std::size_t sweep_at_ = 0;
  std::size_t open_ = 0;
  port::Bucket explained_;
};

}  // namespace signaller::net
