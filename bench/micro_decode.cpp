// Decoding: WebSocket frame, line, arguments of a command.
#include <benchmark/benchmark.h>

#include <string>

#include "commands/grammar/args.hpp"
#include "commands/grammar/line_decoder.hpp"
#include "commands/grammar/registry.hpp"
#include "iterations.hpp"
#include "net/http/codec.hpp"
#include "websocket_frame.hpp"

namespace signaller::bench {
namespace {

/// Returns a `/pubmsg` with `content` bytes of content.
std::string message_of(std::int64_t content) {
  return "/pubmsg #bench " + std::string(static_cast<std::size_t>(content), 'x');
}

void decode_frame(benchmark::State& state) {
  std::string frame;
  append_masked(frame, Opcode::Text, message_of(state.range(0)));
  net::FrameReader reader(262'144);
  net::Message message;
  for (auto iteration : state) {
    (void)iteration;
    std::string bytes = frame;  // a copy, because the reader unmasks in place
    std::size_t used = 0;
    benchmark::DoNotOptimize(reader.next(bytes.data(), bytes.size(), used, message));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(frame.size()));
}
BENCHMARK(decode_frame)->Apply(fixed)->Arg(64)->Arg(4096);

void decode_line(benchmark::State& state) {
  const std::string line = message_of(state.range(0));
  for (auto iteration : state) {
    (void)iteration;
    const auto decoded = commands::decode_line(line);
    const auto* command = commands::find_command(decoded.name);
    auto args = commands::Args::fill(command->shape, line, decoded.rest);
    benchmark::DoNotOptimize(args);
  }
}
BENCHMARK(decode_line)->Apply(fixed)->Arg(64)->Arg(4096);

}  // namespace
}  // namespace signaller::bench
