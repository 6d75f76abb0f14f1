// The whole protocol without the network: from a line to its effects.
#include <benchmark/benchmark.h>

#include <string>

#include "commands/slash_protocol.hpp"
#include "iterations.hpp"

namespace signaller::bench {
namespace {

constexpr port::Instant Now{1'700'000'000'000, 1'000};

class CountingRandom final : public port::Random {
 public:
  std::uint64_t next() override { return last_ += 0x9e3779b97f4a7c15ULL; }

 private:
  std::uint64_t last_ = 0;
};

/// A hash that does nothing, because the benchmark compares no secrets.
class NoHash final : public port::KeyedHash {
 public:
  [[nodiscard]] port::Digest digest(std::string_view, std::string_view) const override {
    return {};
  }
};

/// A protocol with peers in one channel, without rate limits and without a limit of errors.
class Channel {
 public:
  explicit Channel(std::int64_t members, const std::string& caps = "[]") {
    for (std::int64_t i = 0; i < members; ++i) {
      const port::ConnectionId who = peer(static_cast<std::uint32_t>(i));
      protocol_.on_open({who, "127.0.0.1", "/", ""}, Now);
      protocol_.on_text(who, "/descp {\"caps\":" + caps + "}", Now);
      protocol_.on_text(who, "/join #bench", Now);
    }
    protocol_.on_turn_end(Now);
  }

  static port::ConnectionId peer(std::uint32_t number) { return {0, 0, number, 1}; }

  void say(benchmark::State& state, const std::string& line) {
    for (auto iteration : state) {
      (void)iteration;
      benchmark::DoNotOptimize(protocol_.on_text(peer(0), line, Now));
      benchmark::DoNotOptimize(protocol_.on_turn_end(Now));
    }
  }

 private:
  static commands::Options options() {
    commands::Options options;
    options.limits.cost_rate = 0;
    options.limits.address_rate = 0;
    options.limits.faults = 0;
    return options;
  }

  CountingRandom random_;
  NoHash hash_;
  port::TopicNumbers topics_;
  port::AddressCosts costs_;
  irc::World world_{topics_};
  commands::SlashProtocol protocol_{options(), {topics_, costs_, random_, hash_}, world_};
};

void gate_pubmsg(benchmark::State& state) {
  Channel(state.range(0)).say(state, "/pubmsg #bench " + std::string(64, 'x'));
}
BENCHMARK(gate_pubmsg)->Apply(fixed)->Arg(10)->Arg(1'000);

void gate_pubmsg_tagged(benchmark::State& state) {
  Channel(state.range(0), "[\"tags\"]").say(state, "/pubmsg #bench " + std::string(64, 'x'));
}
BENCHMARK(gate_pubmsg_tagged)->Apply(fixed)->Arg(1'000);

void gate_unknown_command(benchmark::State& state) {
  Channel(1).say(state, "/nothing at all");
}
BENCHMARK(gate_unknown_command)->Apply(fixed);

void gate_wrong_arity(benchmark::State& state) {
  Channel(1).say(state, "/pubmsg #bench");
}
BENCHMARK(gate_wrong_arity)->Apply(fixed);

}  // namespace
}  // namespace signaller::bench
