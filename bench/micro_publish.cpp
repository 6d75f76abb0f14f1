// Fan-out of one turn without the kernel: the cost of a delivery besides send().
#include <benchmark/benchmark.h>

#include <deque>
#include <memory>
#include <string>

#include "iterations.hpp"
#include "net/fanout/fanout.hpp"

namespace signaller::bench {
namespace {

/// Accepts all bytes at once.
class DiscardingWire final : public net::Wire {
 public:
  std::ptrdiff_t write(net::Subscriber& /*link*/, const iovec* parts, int count) override {
    std::size_t size = 0;
    for (int i = 0; i < count; ++i) size += parts[i].iov_len;
    return static_cast<std::ptrdiff_t>(size);
  }
  void want_writable(net::Subscriber& /*link*/) override {}
  void broken(net::Subscriber& /*link*/) override {}
  void too_slow(net::Subscriber& /*link*/) override {}
  void drained(net::Subscriber& /*link*/) override {}
};

/// Arguments: number of members of the topic, and of messages in a turn.
void publish(benchmark::State& state) {
  constexpr port::TopicId Topic{7};
  DiscardingWire wire;
  net::HeldBytes held{0};
  net::Fanout fanout(wire, net::OutboxLimits{}, held);
  std::deque<net::Subscriber> links(static_cast<std::size_t>(state.range(0)));
  std::uint32_t slot = 0;
  for (auto& link : links) {
    link.slot = slot++;
    fanout.subscribe(link, Topic, 0, false);
  }
  const port::Forms forms{std::make_shared<const std::string>(105, 'x'), nullptr};
  for (auto iteration : state) {
    (void)iteration;
    for (std::int64_t i = 0; i < state.range(1); ++i) {
      fanout.publish(Topic, {forms, port::FrameClass::Chat, &links.front()});
    }
    fanout.flush();
  }
  state.SetItemsProcessed(state.iterations() * (state.range(0) - 1) * state.range(1));
  for (auto& link : links) fanout.forget(link);
}
BENCHMARK(publish)->Apply(fixed)->ArgsProduct({{10, 1'000, 10'000}, {1, 16}});

}  // namespace
}  // namespace signaller::bench
