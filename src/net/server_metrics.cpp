// The counters of the edge as metrics.
#include <cmath>

#include "net/core/statistics.hpp"
#include "net/server.hpp"
#include "net/system/memory.hpp"

namespace signaller::net {
namespace {

using port::Metric;

/// The sum over all shards.
template <class Pick>
double sum(const std::vector<std::unique_ptr<Shard>>& shards, Pick pick) {
  std::uint64_t all = 0;
  for (const auto& shard : shards) all += pick(shard->counts()).load(Relaxed);
  return static_cast<double>(all);
}

template <std::size_t Size, class Pick>
Metric by_code(std::string_view name, std::string_view help, std::string_view label,
               const std::array<std::uint16_t, Size>& codes,
               const std::vector<std::unique_ptr<Shard>>& shards, Pick pick) {
  Metric metric = port::counters(name, help, label);
  for (std::size_t i = 0; i <= Size; ++i) {
    const double value = sum(
        shards, [&](const ShardCounts& c) -> const auto& { return pick(c)[i]; });
    metric.add(i < Size ? std::to_string(codes[i]) : "other", value);
  }
  return metric;
}

Metric refusals(const AdmissionCounts& admissions) {
  constexpr std::array<std::string_view, ConnectionRefusal::ReasonCount> Names{
      "none", "full", "memory", "banned", "too_many", "too_fast", "no_proxy"};
  Metric metric =
      port::counters("connections_refused_total", "Refused connections, by reason.", "reason");
  for (std::size_t i = 1; i < Names.size(); ++i) {
    metric.samples.push_back(
        {std::string(Names[i]), static_cast<double>(admissions.refusals[i].load(Relaxed))});
  }
  return metric;
}

Metric turn_times(const std::vector<std::unique_ptr<Loop>>& loops) {
  Metric metric{"turn_seconds",
                "Duration of the turns of the event loops, in seconds.",
                Metric::Kind::Histogram,
                {},
                {},
                {},
                0};
  std::uint64_t below = 0;
  for (std::size_t i = 0; i <= TurnTimes::Bounds.size(); ++i) {
    for (const auto& loop : loops) below += loop->turns().counts[i].load(Relaxed);
    const bool last = i == TurnTimes::Bounds.size();
    metric.buckets.push_back({last ? INFINITY : TurnTimes::Bounds[i], below});
  }
  constexpr double Nano = 1e-9;
  for (const auto& loop : loops) {
    metric.sum += static_cast<double>(loop->turns().nanoseconds.load(Relaxed)) * Nano;
  }
  return metric;
}

Metric certificate_end(const TlsIdentity& identity) {
  const auto end = identity.current()->expires().time_since_epoch();
  return port::gauge("certificate_expiry_timestamp_seconds",
                     "Expiry of the TLS certificate, Unix time.",
                     std::chrono::duration<double>(end).count());
}

}  // namespace

port::Metrics Server::metrics() const {
  using port::counter;
  using port::gauge;
  const auto of = [this](std::atomic<std::uint64_t> ShardCounts::*member) {
    return sum(
        shards_, [member](const ShardCounts& c) -> const auto& { return c.*member; });
  };
  const auto now = [](const auto& value) { return static_cast<double>(value.load(Relaxed)); };
  port::Metrics all{
      gauge("connections", "Open connections.", now(shared_.connections)),
      counter("connections_accepted_total", "Connections that were accepted.",
              now(shared_.admissions.accepted)),
      refusals(shared_.admissions),
      counter("received_messages_total", "Text messages received.", of(&ShardCounts::messages)),
      counter("received_bytes_total", "Bytes received.", of(&ShardCounts::received)),
      counter("deliveries_total", "Frames written or queued in an outbox.",
              of(&ShardCounts::deliveries)),
      counter("shed_total", "Danmaku dropped for slow readers.", of(&ShardCounts::shed)),
      counter("slow_readers_total", "Connections closed because their reader was too slow.",
              of(&ShardCounts::too_slow)),
      counter("effects_dropped_total",
              "Effects dropped: their connection belongs to another node, or their request has an "
              "answer.",
              static_cast<double>(core_->dropped_effects()) + of(&ShardCounts::stale_answers)),
      gauge("outbox_bytes", "Bytes queued for slow readers.", now(shared_.held)),
      gauge("unfinished_message_bytes", "Bytes of unfinished messages.", now(shared_.unfinished)),
      gauge("unfinished_request_bytes", "Bytes of HTTP requests in progress.",
            of(&ShardCounts::request_bytes)),
      counter("tls_failures_total", "TLS handshakes that failed.", of(&ShardCounts::tls_failures)),
      by_code(
          "closes_total", "WebSocket connections that ended, by close code.", "code", CloseCodes,
          shards_, [](const ShardCounts& c) -> const auto& { return c.closes; }),
      by_code(
          "http_responses_total", "HTTP responses except 101, by status.", "status", HttpStatus,
          shards_, [](const ShardCounts& c) -> const auto& { return c.answers; }),
      turn_times(loops_),
      gauge("memory_watermark_bytes", "Resident memory above which new connections are refused.",
            now(shared_.watermark)),
  };
  if (identity_) all.push_back(certificate_end(*identity_));
  return all;
}

}  // namespace signaller::net
