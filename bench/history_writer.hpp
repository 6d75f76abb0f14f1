// Everybody says a few things under labels, one after the other, until all are acknowledged.
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
  /// The members of each channel say its `entries` messages between them, each with its number.
  HistoryWriter(ClientPool& pool, const Registration& registration, std::size_t channel_size,
                std::size_t entries);

  /// False: the pool's failure() says why.
  bool run();
  std::size_t on_bytes(Peer& peer, std::string_view bytes) override;

 private:
  void send_next(Peer& peer);

  ClientPool& pool_;
  const Registration& registration_;
  std::size_t channel_size_;
  std::size_t entries_;
  std::vector<std::uint32_t> said_;  // by each peer; its next message has the number after that
  std::size_t silent_ = 0;           // peers that have said everything
  std::int64_t last_ack_ns_ = 0;
};

}  // namespace signaller::bench
