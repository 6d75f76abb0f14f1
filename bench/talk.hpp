// Everybody says a few things under labels, one after the other, until all are acknowledged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "pool.hpp"
#include "registrar.hpp"

namespace signaller::bench {

class Talk final : public Sink {
 public:
  /// The members of each channel say its `entries` messages between them, each with its number.
  Talk(Pool& pool, const Registrar& registrar, std::size_t channel_size, std::size_t entries);

  /// False: the pool's trouble() says why.
  bool run();
  std::size_t on_bytes(Peer& peer, std::string_view bytes) override;

 private:
  void say_next(Peer& peer);

  Pool& pool_;
  const Registrar& registrar_;
  std::size_t channel_size_;
  std::size_t entries_;
  std::vector<std::uint32_t> said_;  // by each peer; its next message has the number after that
  std::size_t silent_ = 0;           // peers that have said everything
  std::int64_t last_ack_ns_ = 0;
};

}  // namespace signaller::bench
