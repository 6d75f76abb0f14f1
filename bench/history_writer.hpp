// Fills channels with messages: members send labelled messages one after the other until all are
// acknowledged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "client_pool.hpp"
#include "registration.hpp"

namespace signaller::bench {

class HistoryWriter final : public Sink {
 public:
  /// The members of each channel send `entries` numbered messages in all.
  HistoryWriter(ClientPool& pool, const Registration& registration, std::size_t channel_size,
                std::size_t entries);

  /// Returns false on failure; failure() of the pool has the reason.
  bool run();
  std::size_t on_bytes(Peer& peer, std::string_view bytes) override;

 private:
  void send_next(Peer& peer);

  ClientPool& pool_;
  const Registration& registration_;
  std::size_t channel_size_;
  std::size_t entries_;
  std::vector<std::uint32_t> said_;  // number of messages that each peer has sent
  std::size_t silent_ = 0;           // number of peers that have sent all their messages
  std::int64_t last_ack_ns_ = 0;
};

}  // namespace signaller::bench
