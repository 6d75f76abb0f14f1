#include "history_writer.hpp"

#include <fmt/format.h>

#include "clock.hpp"
#include "frame_reader.hpp"
#include "server_line.hpp"

namespace signaller::bench {
namespace {

constexpr std::int64_t AckTimeout = ns(15);  // the run fails after this time without an ACK

}  // namespace

HistoryWriter::HistoryWriter(ClientPool& pool, const Registration& registration,
                             std::size_t channel_size, std::size_t entries)
    : pool_(pool),
      registration_(registration),
      channel_size_(channel_size),
      entries_(entries),
      said_(pool.size()) {}

bool HistoryWriter::run() {
  last_ack_ns_ = now_ns();
  for (std::size_t i = 0; i < pool_.size(); ++i) send_next(pool_[i]);
  while (silent_ < pool_.size() && pool_.lost() == 0) {
    pool_.round(100, *this);
    if (now_ns() - last_ack_ns_ > AckTimeout) pool_.fail(pool_[0], "no ACK for 15 s");
  }
  return pool_.lost() == 0;
}

/// Sends the next message of the peer's channel. The members take turns: the first message comes
/// from the first member, the second message from the second member, and so on.
void HistoryWriter::send_next(Peer& peer) {
  const auto number = said_[peer.index]++ * channel_size_ + peer.index % channel_size_;
  if (number >= entries_) {
    ++silent_;
    return;
  }
  std::string frame;
  append_masked(
      frame, Opcode::Text,
      fmt::format("@label=talk{} /pubmsg {} {} is what somebody has said before the crash", number,
                  registration_.channel_of(peer.index), number));
  pool_.send(peer, frame);
}

std::size_t HistoryWriter::on_bytes(Peer& peer, std::string_view bytes) {
  return for_each_line(pool_, peer, bytes, [&](std::string_view line) {
    const auto message = without_source(line);
    if (message.substr(0, 4) == "ACK ") {
      last_ack_ns_ = now_ns();
      send_next(peer);
    } else if (is_refusal(message)) {
      pool_.fail(peer, line);
    }
  });
}

}  // namespace signaller::bench
