#include "fanout.hpp"

#include <algorithm>
#include <cstring>

#include "clock.hpp"
#include "process.hpp"
#include "server_line.hpp"
#include "websocket_frame.hpp"

namespace signaller::bench {
namespace {

// Time without any delivery after which the run ends.
constexpr std::int64_t DeliveryTimeout = ns(15);
constexpr std::size_t OpenWindow = 4096;  // maximum number of messages in flight in an open loop
constexpr std::size_t MaxSequenceGap = 1'000'000;  // skipped numbers that are remembered one by one

}  // namespace

Fanout::Fanout(ClientPool& pool, const FanoutOptions& options, const std::string& channel)
    : pool_(pool), options_(options) {
  const std::size_t window = options_.rate > 0 ? OpenWindow : options_.in_flight;
  for (unsigned i = 0; i < options_.senders; ++i) {
    streams_.emplace_back(i, pool_[i].id, channel,
                          MessageStream::Form{options_.content, window, options_.labelled});
  }
  frame_size_ = streams_.front().frame_size();
  for (const auto& stream : streams_) {
    if (stream.frame_size() != frame_size_) figures_.failure = "ids differ in length";
  }
  sender_at_ = frame_size_ - std::max(options_.content, MessageStream::MinContent);
  next_.resize(pool_.size() * streams_.size());
  acks_.resize(streams_.size());
}

FanoutFigures Fanout::run() {
  started_ns_ = last_delivery_ns_ = now_ns();
  const auto warm = started_ns_ + ns(options_.warm_up_s);
  measure(warm);
  begin_measuring();
  measure(warm + ns(options_.seconds));
  end_measuring();
  drain();
  count_missing();
  if (figures_.failure.empty()) figures_.failure = pool_.failure();
  return std::move(figures_);
}

void Fanout::measure(std::int64_t until_ns) {
  const int timeout = !options_.wait ? 0 : options_.rate > 0 ? 1 : 100;
  for (auto now = now_ns(); now < until_ns && !stuck(now); now = now_ns()) {
    send_due(now);
    pool_.round(timeout, *this);
  }
}

void Fanout::begin_measuring() {
  figures_.latency.reset();
  figures_.deliveries = deliveries_;
  figures_.messages = 0;
  for (const auto& stream : streams_) figures_.messages += stream.sent();
  figures_.reads = pool_.reads();
  figures_.load_cpu_ns = own_cpu_ns();
  figures_.server_cpu_ns = cpu_ns(options_.server);
  figures_.seconds = seconds(now_ns());
}

void Fanout::end_measuring() {
  FanoutFigures begin = figures_;
  begin_measuring();
  figures_.latency = begin.latency;
  figures_.deliveries -= begin.deliveries;
  figures_.messages -= begin.messages;
  figures_.reads -= begin.reads;
  figures_.load_cpu_ns -= begin.load_cpu_ns;
  figures_.server_cpu_ns -= begin.server_cpu_ns;
  figures_.seconds -= begin.seconds;
}

void Fanout::drain() {
  const Histogram measured = figures_.latency;
  while (!all_done() && !stuck(now_ns())) pool_.round(100, *this);
  for (int quiet = 0; quiet < 3; ++quiet) pool_.round(50, *this);  // waits for duplicates
  figures_.latency = measured;
}

void Fanout::send_due(std::int64_t now) {
  if (options_.rate > 0) {
    send_open(now);
  } else {
    send_closed();
  }
}

void Fanout::send_closed() {
  const auto now = now_ns();
  const auto receivers = static_cast<std::uint32_t>(pool_.size() - 1);
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    const std::size_t share =
        options_.in_flight / streams_.size() + (i < options_.in_flight % streams_.size() ? 1 : 0);
    out_.clear();
    while (streams_[i].under_way() < share) streams_[i].write(now, receivers, out_);
    if (!out_.empty()) pool_.send(pool_[i], out_);
  }
}

void Fanout::send_open(std::int64_t now) {
  const auto receivers = static_cast<std::uint32_t>(pool_.size() - 1);
  const double interval_ns = 1e9 / options_.rate;
  for (;;) {
    // The latency is measured from the scheduled time, so that it includes any delay of the sender.
    const auto due =
        started_ns_ + static_cast<std::int64_t>(static_cast<double>(scheduled_) * interval_ns);
    auto& stream = streams_[scheduled_ % streams_.size()];
    if (due > now || stream.under_way() >= stream.window()) return;
    out_.clear();
    stream.write(due, receivers, out_);
    pool_.send(pool_[scheduled_ % streams_.size()], out_);
    ++scheduled_;
  }
}

bool Fanout::stuck(std::int64_t now) const {
  return pool_.lost() > 0 || !figures_.failure.empty() || now - last_delivery_ns_ > DeliveryTimeout;
}

bool Fanout::all_done() const {
  return std::all_of(streams_.begin(), streams_.end(),
                     [](const MessageStream& stream) { return stream.under_way() == 0; });
}

unsigned Fanout::sender_of(const char* frame) const {
  if (streams_.size() == 1) return 0;
  const auto sender = read_hex({frame + sender_at_, 2});
  return sender && *sender < streams_.size() ? static_cast<unsigned>(*sender) : 0;
}

std::size_t Fanout::on_bytes(Peer& peer, std::string_view bytes) {
  const auto now = now_ns();
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  while (at < end) {
    const auto rest = static_cast<std::size_t>(end - at);
    if (rest >= frame_size_) {
      const unsigned sender = sender_of(at);
      auto& number = next(peer, sender);
      if (std::memcmp(at, streams_[sender].frame(number), frame_size_) == 0) {
        deliver(sender, number++, now);
        at += frame_size_;
        continue;
      }
    }
    const std::size_t used = on_frame(peer, {at, rest}, now);
    if (used == 0) break;
    at += used;
  }
  return static_cast<std::size_t>(at - bytes.data());
}

void Fanout::deliver(unsigned sender, std::uint32_t number, std::int64_t now) {
  figures_.latency.record(now - streams_[sender].arrived(number));
  ++deliveries_;
  last_delivery_ns_ = now;
}

std::size_t Fanout::on_frame(Peer& peer, std::string_view bytes, std::int64_t now) {
  const auto head = whole_frame(bytes);
  if (!head) return 0;
  if (head->opcode == Opcode::Text) {
    on_line(peer, bytes.substr(head->header, head->payload), now);
  } else {
    on_control(pool_, peer, bytes.substr(0, head->size()));
  }
  return head->size();
}

void Fanout::on_line(Peer& peer, std::string_view line, std::int64_t now) {
  const auto untagged = without_tags(line);
  for (unsigned sender = 0; sender < streams_.size(); ++sender) {
    const auto number = streams_[sender].number_of(untagged);
    if (!number) continue;
    if (!streams_[sender].intact(*number, untagged)) ++figures_.corrupt;
    out_of_turn(peer, sender, *number, now);
    return;
  }
  if (options_.labelled && on_ack(peer, line)) return;
  const auto message = without_source(line);
  if (message.substr(0, 7) == "PUBMSG ") {
    ++figures_.corrupt;
  } else if (is_refusal(message) && figures_.failure.empty()) {
    figures_.failure = std::string(line);
  } else {
    ++figures_.other;
  }
}

bool Fanout::on_ack(const Peer& peer, std::string_view line) {
  if (peer.index >= streams_.size()) return false;
  auto& stream = streams_[peer.index];
  const auto number = stream.acknowledged(line);
  if (!number) return false;
  auto& expected = acks_[peer.index];
  if (*number != expected) {
    ++figures_.misacknowledged;
  } else {
    ++expected;
    (void)stream.arrived(*number);
  }
  return true;
}

void Fanout::out_of_turn(const Peer& peer, unsigned sender, std::uint32_t number,
                         std::int64_t now) {
  auto& expected = next(peer, sender);
  const auto key = [&](std::uint32_t of) {
    return ((std::uint64_t{peer.index} * streams_.size() + sender) << 32U) | of;
  };
  if (number >= streams_[sender].sent() || peer.index == sender) {
    ++figures_.corrupt;  // a message that was not sent yet, or that its own sender received
  } else if (number < expected) {
    if (has_gap_.erase(key(number)) == 0) {
      ++figures_.doubled;
      return;
    }
    ++figures_.disordered;
    deliver(sender, number, now);
  } else {
    for (; expected < number; ++expected) {
      if (has_gap_.size() < MaxSequenceGap) {
        has_gap_.insert(key(expected));
      } else {
        ++figures_.lost;
      }
    }
    ++expected;
    deliver(sender, number, now);
  }
}

void Fanout::count_missing() {
  figures_.lost += has_gap_.size();
  for (std::size_t i = 0; i < streams_.size() && options_.labelled; ++i) {
    figures_.misacknowledged += streams_[i].sent() - acks_[i];
  }
  for (std::size_t i = 0; i < pool_.size(); ++i) {
    for (unsigned sender = 0; sender < streams_.size(); ++sender) {
      if (i != sender) figures_.lost += streams_[sender].sent() - next(pool_[i], sender);
    }
  }
}

}  // namespace signaller::bench
