// Measures the fan-out of one channel with few senders and many receivers: throughput, latency,
// processor time. Checks that each receiver gets every message exactly once and in order.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "client_pool.hpp"
#include "histogram.hpp"
#include "message_stream.hpp"

namespace signaller::bench {

struct FanoutOptions {
  std::size_t receivers = 1000;
  std::size_t senders = 1;
  std::size_t in_flight = 1;  ///< closed loop: messages in flight, for all senders together
  double rate = 0;            ///< open loop: messages a second; 0: closed loop
  std::size_t content = 64;   ///< bytes of each message
  bool labelled = false;      ///< messages have labels; each is in flight until its ACK has come
  /// Whether the load generator waits for events. By default it polls, so that the server spends no
  /// time on waking the generator, and the times are more exact.
  bool wait = false;
  double warm_up_s = 1;
  double seconds = 5;
  pid_t server = 0;
};

struct FanoutFigures {
  double seconds = 0;
  std::uint64_t messages = 0;
  std::uint64_t deliveries = 0;
  std::int64_t server_cpu_ns = 0;
  std::int64_t load_cpu_ns = 0;
  std::uint64_t reads = 0;
  Histogram latency;
  // Errors in the whole run, warm-up and end included:
  std::uint64_t lost = 0;
  std::uint64_t doubled = 0;
  std::uint64_t disordered = 0;
  std::uint64_t corrupt = 0;          ///< PUBMSG lines that were never sent
  std::uint64_t misacknowledged = 0;  ///< ACKs that were duplicated, missing or out of order
  std::uint64_t other = 0;            ///< lines other than PUBMSG
  std::string failure;

  [[nodiscard]] bool sound() const {
    return failure.empty() && lost + doubled + disordered + corrupt + misacknowledged == 0 &&
           deliveries > 0;
  }
};

class Fanout final : public Sink {
 public:
  /// The peers of the pool are members of `channel`; the first ones are the senders.
  Fanout(ClientPool& pool, const FanoutOptions& options, const std::string& channel);

  FanoutFigures run();
  std::size_t on_bytes(Peer& peer, std::string_view bytes) override;

 private:
  void measure(std::int64_t until_ns);
  void begin_measuring();
  void end_measuring();
  void drain();
  void send_due(std::int64_t now);
  void send_closed();
  void send_open(std::int64_t now);
  [[nodiscard]] bool stuck(std::int64_t now) const;
  [[nodiscard]] bool all_done() const;

  [[nodiscard]] unsigned sender_of(const char* frame) const;
  std::uint32_t& next(const Peer& peer, unsigned sender) {
    return next_[peer.index * streams_.size() + sender];
  }
  void deliver(unsigned sender, std::uint32_t number, std::int64_t now);
  std::size_t on_frame(Peer& peer, std::string_view bytes, std::int64_t now);
  void on_line(Peer& peer, std::string_view line, std::int64_t now);
  bool on_ack(const Peer& peer, std::string_view line);
  void out_of_turn(const Peer& peer, unsigned sender, std::uint32_t number, std::int64_t now);
  void count_missing();

  ClientPool& pool_;
  FanoutOptions options_;
  std::vector<MessageStream> streams_;
  std::size_t frame_size_ = 0;
  std::size_t sender_at_ = 0;                  // offset of the sender's number in a frame
  std::vector<std::uint32_t> next_;            // next expected number, for each peer and sender
  std::vector<std::uint32_t> acks_;            // next expected ACK, for each sender
  std::unordered_set<std::uint64_t> has_gap_;  // numbers that were skipped so far
  std::uint64_t deliveries_ = 0;
  std::int64_t last_delivery_ns_ = 0;
  std::int64_t started_ns_ = 0;  // start of the schedule of the open loop
  std::uint64_t scheduled_ = 0;
  std::string out_;
  FanoutFigures figures_;
};

}  // namespace signaller::bench
