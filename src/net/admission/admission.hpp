// The decision whether a client may connect lives in this folder: limits and bans by address, and
// the address that a proxy names. Nothing here may know messages or protocols.
// Any thread may call Admission; each other object belongs to the thread that made it.
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

#include "net/admission/connection_refusal.hpp"
#include "net/admission/networks.hpp"
#include "net/admission/options.hpp"
#include "port/bucket.hpp"
#include "port/effects.hpp"
#include "port/time.hpp"

namespace signaller::net {

class Admission;

/// One connection in the count of its address. The destructor subtracts it from the count.
class ConnectionSlot {
 public:
  ConnectionSlot() = default;
  ConnectionSlot(ConnectionSlot&& other) noexcept
      : admission_(std::exchange(other.admission_, nullptr)), who_(other.who_) {}
  ConnectionSlot& operator=(ConnectionSlot&& other) noexcept {
    std::swap(admission_, other.admission_);
    std::swap(who_, other.who_);
    return *this;
  }
  ConnectionSlot(const ConnectionSlot&) = delete;
  ConnectionSlot& operator=(const ConnectionSlot&) = delete;
  ~ConnectionSlot();

 private:
  friend class Admission;
  ConnectionSlot(Admission& admission, const port::AddressRange& who)
      : admission_(&admission), who_(who) {}
  Admission* admission_ = nullptr;
  port::AddressRange who_;
};

/// Either a connection slot, or the reason for the refusal.
struct AdmissionResult {
  ConnectionSlot connection_slot;
  ConnectionRefusal refusal;
};

/// Counts connections by IPv4 address or IPv6 /64. Any thread. Each call locks a mutex, so the
/// handling of messages must not call it. Must outlive its connection slots.
class Admission {
 public:
  explicit Admission(const AdmissionOptions& options = {}) { tune(options); }

  /// Sets new limits and trusted proxies. Open connections are not closed.
  /// @param options  with valid addresses
  void tune(const AdmissionOptions& options);
  /// Replaces the bans that the protocol sent before.
  /// @param protocol  index
  void bar(std::size_t protocol, const port::BanList& bar);

  /// Admits or refuses a new connection. A refused connection is not counted and costs no token.
  AdmissionResult enter(const port::AddressRange& address, port::Instant now);
  /// The ban of an address that was admitted before; nothing if the address is not banned.
  [[nodiscard]] ConnectionRefusal banned_now(const port::AddressRange& address,
                                             port::Instant now) const;
  /// Whether the address is a trusted proxy. Trusted proxies are neither counted nor banned.
  [[nodiscard]] bool trusts(const port::AddressRange& address) const;
  [[nodiscard]] std::shared_ptr<const Networks> trusted() const;
  /// Whether one more refused client may get a close code or an HTTP status within the budget for
  /// such answers.
  bool may_explain(port::Instant now);

  /// The number of remembered addresses: those with open connections, or with a bucket that is not
  /// full.
  [[nodiscard]] std::size_t known() const;
  /// The number of connections that hold a ConnectionSlot now.
  [[nodiscard]] std::size_t open() const;

 private:
  friend class ConnectionSlot;
  struct Ban {
    std::string text;
    std::int64_t until_ms = 0;  ///< Unix; 0: no end
  };
  using Bans = NetworkMap<Ban>;
  struct Use {
    port::TokenBucket arrivals;
    std::size_t open = 0;
  };

  [[nodiscard]] ConnectionRefusal banned(const port::AddressRange& address,
                                         port::Instant now) const;
  ConnectionRefusal judge(Use& use, const port::AddressRange& who, port::Instant now) const;
  void leave(const port::AddressRange& who);
  void forget_idle(port::Instant now);

  mutable std::mutex mutex_;
  AdmissionOptions options_;
  std::shared_ptr<const Networks> trusted_;
  std::vector<Bans> bans_;  ///< bans of each protocol
  std::unordered_map<port::AddressRange, Use, port::AddressRange::Hash> uses_;
  std::size_t sweep_at_ = 0;
  std::size_t open_ = 0;
  port::TokenBucket explained_;
};

}  // namespace signaller::net
