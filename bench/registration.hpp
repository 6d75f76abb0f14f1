// Brings peers from a connect to their place in a channel: handshake, `/descp`, `/join`, 366.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "client_pool.hpp"

namespace signaller::bench {

struct RegistrationOptions {
  std::string describe = "/descp {}";
  std::size_t under_way = 256;   ///< connects at a time
  std::size_t channel_size = 0;  ///< peers in a channel; 0: all in one
  bool known = false;            ///< each with the id and the secret of its number (identity.hpp)
  std::size_t first = 0;         ///< the number of the pool's first peer
  double timeout_s = 30;         ///< without any progress, then it is given up
};

class Registration final : public Sink {
 public:
  Registration(ClientPool& pool, RegistrationOptions arrival)
      : pool_(pool), arrival_(std::move(arrival)) {}

  /// Opens peers until the pool has `goal` joined ones. False: the pool's failure() says why.
  bool join_peers(std::size_t goal);
  /// Handles events until nothing has come for so long; gives up after a minute.
  void wait_until_quiet(int quiet_ms);
  std::size_t on_bytes(Peer& peer, std::string_view bytes) override;

  [[nodiscard]] std::string channel_of(std::uint32_t index) const;
  [[nodiscard]] std::size_t joined() const { return joined_; }
  /// When the last line came (now_ns).
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
