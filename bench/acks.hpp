// Measures acknowledgements: members of many channels take turns in sending labelled messages.
// Checks that each message is acknowledged and delivered exactly once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "client_pool.hpp"
#include "fanout.hpp"
#include "histogram.hpp"
#include "registration.hpp"

namespace signaller::bench {

struct AckFigures {
  double seconds = 0;
  std::uint64_t sent = 0;   ///< messages of the whole run, to which the error counts refer, too
  std::uint64_t acked = 0;  ///< ACKs in the measured seconds
  std::int64_t server_cpu_ns = 0;
  std::int64_t load_cpu_ns = 0;
  Histogram latency;          ///< time from the scheduled time of a message to its ACK
  std::uint64_t missing = 0;  ///< messages without an ACK
  std::uint64_t doubled = 0;  ///< ACKs that came twice or that belong to no message
  std::uint64_t lost = 0;     ///< missing or superfluous deliveries
  std::string failure;
};

class Acks final : public Sink {
 public:
  /// The peers of the pool have joined, `channel_size` of them in each channel. Sends
  /// `options.rate` messages a second; the channels take turns.
  Acks(ClientPool& pool, const Registration& registration, std::size_t channel_size,
       const FanoutOptions& options);

  AckFigures run();
  std::size_t on_bytes(Peer& peer, std::string_view bytes) override;

 private:
  void measure(std::int64_t until_ns);
  void send_due(std::int64_t now);
  void send(std::uint32_t number);
  void on_line(std::string_view line, std::int64_t now);
  void on_ack(std::uint64_t number, std::int64_t now);
  [[nodiscard]] std::int64_t due(std::uint64_t number) const;
  [[nodiscard]] std::uint64_t deliveries_due() const;
  [[nodiscard]] bool stuck(std::int64_t now) const;

  ClientPool& pool_;
  const Registration& registration_;
  FanoutOptions options_;
  std::size_t channel_size_;
  std::size_t channels_;
  std::int64_t started_ns_ = 0;
  std::int64_t last_line_ns_ = 0;
  std::vector<bool> acked_;  // whether the ACK of each sent message has come
  std::uint64_t acks_ = 0;
  std::uint64_t deliveries_ = 0;
  std::uint64_t heard_ = 0;  // sum of the numbers of all delivered messages; compared at the end
  std::string command_;
  std::string out_;
  AckFigures figures_;
};

}  // namespace signaller::bench
