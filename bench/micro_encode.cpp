// Encoding: from the parts of a line to its bytes and its WebSocket frame.
#include <benchmark/benchmark.h>

#include <string>

#include "irc/line.hpp"
#include "iterations.hpp"
#include "net/fanout/batch.hpp"

namespace signaller::bench {
namespace {

irc::Line said(const std::string& content) {
  irc::Line line("5f0c3e5f0c3e5f0c3e5f0c3e", "PUBMSG");
  line.param("#bench").trailing(content);
  line.at(1'700'000'000'000);
  line.message("0-00000000-123456", 123'456);
  return line;
}

/// The argument is the number of forms that are rendered.
void encode_line(benchmark::State& state) {
  const std::string content(64, 'x');
  const irc::FormCounts needed{1, state.range(0) == 2 ? 1U : 0U};
  for (auto iteration : state) {
    (void)iteration;
    benchmark::DoNotOptimize(said(content).encode(needed));
  }
}
BENCHMARK(encode_line)->Apply(fixed)->Arg(1)->Arg(2);

void encode_frame(benchmark::State& state) {
  const std::string text = said(std::string(64, 'x')).plain();
  net::HeldBytes held{0};
  net::Batch batch(held);
  for (auto iteration : state) {
    (void)iteration;
    if (batch.count() == 64) batch.clear();
    batch.append(net::Opcode::Text, text, net::Frame{});
  }
}
BENCHMARK(encode_frame)->Apply(fixed);

}  // namespace
}  // namespace signaller::bench
