// Registers peers: connect, handshake, `/descp`, `/join`, up to the numeric 366.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "client_pool.hpp"

namespace signaller::bench {

struct RegistrationOptions {
  std::string describe = "/descp {}";
  std::size_t under_way = 256;   ///< number of connections that are registered at the same time
  std::size_t channel_size = 0;  ///< number of peers in each channel; 0: all peers in one channel
  bool known = false;            ///< peers use the id and secret of their number (identity.hpp)
  std::size_t first = 0;         ///< number of the first peer of the pool
  double timeout_s = 30;         ///< gives up after this time without progress
};

class Registration final : public Sink {
 public:
  Registration(ClientPool& pool, RegistrationOptions arrival)
      : pool_(pool), arrival_(std::move(arrival)) {}

  /// Opens peers until `goal` peers have joined. Returns false on failure; failure() of the pool
  /// has the reason.
  bool join_peers(std::size_t goal);
  /// Handles events until no input has come for `quiet_ms`; waits one minute at most.
  void wait_until_quiet(int quiet_ms);
  std::size_t on_bytes(Peer& peer, std::string_view bytes) override;

  [[nodiscard]] std::string channel_of(std::uint32_t index) const;
  [[nodiscard]] std::size_t joined() const { return joined_; }
  /// The time of the last input (now_ns).
  [[nodiscard]] std::int64_t last_byte_ns() const { return last_byte_ns_; }

 private:
  std::size_t on_handshake(Peer& peer, std::string_view bytes);
  void on_line(Peer& peer, std::string_view line);

  ClientPool& pool_;
  RegistrationOptions arrival_;
  std::size_t joined_ = 0;
  std::int64_t last_byte_ns_ = 0;
};

}  // namespace signaller::bench
