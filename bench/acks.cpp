#include "acks.hpp"

#include <algorithm>

#include "clock.hpp"
#include "frame_reader.hpp"
#include "message_stream.hpp"
#include "modes.hpp"
#include "process.hpp"
#include "server_line.hpp"

namespace signaller::bench {
namespace {

constexpr std::int64_t QuietTimeout = ns(15);  // the run ends after this time without a line
constexpr std::string_view Tag = "@label=";
constexpr unsigned Digits = 8;  // digits of a label, and of the number at the start of each content

std::uint64_t sum_below(std::uint64_t count) {
  return count == 0 ? 0 : count * (count - 1) / 2;
}

}  // namespace

Acks::Acks(ClientPool& pool, const Registration& registration, std::size_t channel_size,
           const FanoutOptions& options)
    : pool_(pool),
      registration_(registration),
      options_(options),
      channel_size_(channel_size),
      channels_(pool.size() / channel_size) {}

AckFigures Acks::run() {
  started_ns_ = last_line_ns_ = now_ns();
  const auto warm = started_ns_ + ns(options_.warm_up_s);
  measure(warm);
  figures_.latency.reset();
  const auto begin = now_ns();
  const auto server = cpu_ns(options_.server);
  const auto load = own_cpu_ns();
  const auto acks = acks_;
  measure(warm + ns(options_.seconds));
  figures_.seconds = seconds(now_ns() - begin);
  figures_.server_cpu_ns = cpu_ns(options_.server) - server;
  figures_.load_cpu_ns = own_cpu_ns() - load;
  figures_.acked = acks_ - acks;
  const Histogram measured = figures_.latency;
  while ((acks_ < acked_.size() || deliveries_ < deliveries_due()) && !stuck(now_ns())) {
    pool_.round(100, *this);
  }
  for (int quiet = 0; quiet < 3; ++quiet) pool_.round(50, *this);  // waits for duplicates
  figures_.latency = measured;
  figures_.sent = acked_.size();
  figures_.missing = acked_.size() - acks_;
  const auto few = std::min(deliveries_, deliveries_due());
  figures_.lost = std::max(deliveries_, deliveries_due()) - few;
  const bool sound = heard_ == sum_below(acked_.size()) * (channel_size_ - 1);
  if (figures_.failure.empty()) figures_.failure = pool_.failure();
  if (figures_.failure.empty() && !sound)
    figures_.failure = "the delivered messages differ from those sent";
  return std::move(figures_);
}

void Acks::measure(std::int64_t until_ns) {
  for (auto now = now_ns(); now < until_ns && !stuck(now); now = now_ns()) {
    send_due(now);
    pool_.round(options_.wait ? 1 : 0, *this);
  }
}

std::int64_t Acks::due(std::uint64_t number) const {
  return started_ns_ + static_cast<std::int64_t>(static_cast<double>(number) * 1e9 / options_.rate);
}

std::uint64_t Acks::deliveries_due() const {
  return acked_.size() * (channel_size_ - 1);
}

bool Acks::stuck(std::int64_t now) const {
  return pool_.lost() > 0 || !figures_.failure.empty() || now - last_line_ns_ > QuietTimeout;
}

void Acks::send_due(std::int64_t now) {
  while (due(acked_.size()) <= now) {
    acked_.push_back(false);
    send(static_cast<std::uint32_t>(acked_.size() - 1));
  }
}

/// Sends the message with this number. The channels take turns, and so do the members of each
/// channel.
void Acks::send(std::uint32_t number) {
  const auto channel = number % channels_;
  const auto member = number / channels_ % channel_size_;
  auto& peer = pool_[channel * channel_size_ + member];
  std::string digits(Digits, '0');
  write_hex(digits.data(), number, Digits);
  command_.assign(Tag).append(digits).append(" /pubmsg ");
  command_.append(registration_.channel_of(peer.index)).append(" ").append(digits);
  command_.append(std::max<std::size_t>(options_.content, Digits) - Digits, '.');
  out_.clear();
  append_masked(out_, Opcode::Text, command_);
  pool_.send(peer, out_);
}

std::size_t Acks::on_bytes(Peer& peer, std::string_view bytes) {
  const auto now = now_ns();
  last_line_ns_ = now;
  return for_each_line(pool_, peer, bytes, [&](std::string_view line) { on_line(line, now); });
}

void Acks::on_line(std::string_view line, std::int64_t now) {
  const auto message = without_source(line);
  if (message.substr(0, 7) == "PUBMSG ") {
    const auto content = message.find(" :");
    const auto number = read_hex(message.substr(std::min(content, message.size() - 2) + 2, Digits));
    ++deliveries_;
    heard_ += number.value_or(0);
  } else if (message.substr(0, 4) == "ACK " && line.substr(0, Tag.size()) == Tag) {
    if (const auto number = read_hex(line.substr(Tag.size(), Digits))) on_ack(*number, now);
  } else if (is_refusal(message) && figures_.failure.empty()) {
    figures_.failure = std::string(line);
  }
}

void Acks::on_ack(std::uint64_t number, std::int64_t now) {
  if (number >= acked_.size() || acked_[number]) {
    ++figures_.doubled;
    return;
  }
  acked_[number] = true;
  ++acks_;
  figures_.latency.record(now - due(number));
}

namespace {

double micros(std::uint64_t ns) {
  return static_cast<double>(ns) / 1e3;
}

Report report_of(const LoadOptions& options, double rate, const AckFigures& figures) {
  const double seconds = std::max(figures.seconds, 1e-9);
  const auto acked = static_cast<double>(figures.acked);
  Report report;
  report.text("mode", "acks")
      .count("peers", options.peers)
      .count("channel_size", options.arrival.channel_size)
      .figure("rate", rate, 0)
      .figure("seconds", figures.seconds, 2)
      .count("sent", figures.sent)
      .figure("acked_per_s", acked / seconds, 0)
      .figure("ack_p50_us", micros(figures.latency.at(0.5)), 0)
      .figure("ack_p99_us", micros(figures.latency.at(0.99)), 0)
      .figure("ack_p999_us", micros(figures.latency.at(0.999)), 0)
      .figure("ack_max_us", micros(figures.latency.max()), 0)
      .figure("server_us_per_message",
              acked > 0 ? static_cast<double>(figures.server_cpu_ns) / 1e3 / acked : 0, 2)
      .figure("server_busy", static_cast<double>(figures.server_cpu_ns) / 1e9 / seconds, 3)
      .figure("load_busy", static_cast<double>(figures.load_cpu_ns) / 1e9 / seconds, 3)
      .count("missing", figures.missing)
      .count("doubled", figures.doubled)
      .count("lost", figures.lost);
  return report;
}

}  // namespace

Outcome run_acks(const LoadOptions& options) {
  constexpr double Rate = 10'000;
  FanoutOptions measured = options.fanout;
  if (measured.rate <= 0) measured.rate = Rate;
  LoadOptions rounded = options;  // rounded to a whole number of channels
  const std::size_t size = std::max<std::size_t>(options.arrival.channel_size, 1);
  rounded.arrival.channel_size = size;
  rounded.peers = std::max(options.peers / size, std::size_t{1}) * size;
  ClientPool pool(options.target, options.headers);
  Registration registration(pool, rounded.arrival);
  AckFigures figures;
  if (!registration.join_peers(rounded.peers)) {
    figures.failure = pool.failure();
    return {report_of(rounded, measured.rate, figures), figures.failure};
  }
  registration.wait_until_quiet(300);
  figures = Acks(pool, registration, size, measured).run();
  if (figures.failure.empty() && figures.missing + figures.doubled + figures.lost > 0) {
    figures.failure = "ACKs or messages were lost or duplicated";
  }
  return {report_of(rounded, measured.rate, figures), figures.failure};
}

}  // namespace signaller::bench
