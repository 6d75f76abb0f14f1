// signaller-load: a load generator with thousands of clients for one server.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "modes.hpp"
#include "process.hpp"
#include "program.hpp"

namespace signaller::bench {
namespace {

/// The command line before it is converted to LoadOptions.
struct CommandLine {
  std::string url = "ws://127.0.0.1:3012/";
  std::uint32_t of_address = Target().peers_of_address;
  bool json = false;
  bool browser = false;
  LoadOptions load;
  CLI::App* fanout = nullptr;
  CLI::App* idle = nullptr;
  CLI::App* arrivals = nullptr;
  CLI::App* crowd = nullptr;
  CLI::App* churn = nullptr;
  CLI::App* acks = nullptr;
  CLI::App* populate = nullptr;
  CLI::App* come_back = nullptr;
};

void declare_measured(CLI::App& app, FanoutOptions& options) {
  app.add_flag("--wait", options.wait,
               "block until an event comes, for a shared core; default: poll");
  app.add_option("--warm-up", options.warm_up_s, "seconds of warm-up before the measurement");
  app.add_option("--seconds", options.seconds, "seconds of the measurement");
}

void declare_fanout(CLI::App& app, FanoutOptions& options) {
  app.add_option("--receivers", options.receivers, "peers that only receive");
  app.add_option("--senders", options.senders, "peers that send, and receive from one another")
      ->check(CLI::Range(1, 256));
  app.add_option("--in-flight", options.in_flight, "closed loop: messages in flight")
      ->check(CLI::PositiveNumber);
  app.add_option("--rate", options.rate, "open loop: messages a second; 0: closed loop");
  app.add_option("--content", options.content, "bytes of each message, at least 29");
  app.add_flag("--labelled", options.labelled, "a message is in flight until its ACK has come too");
  declare_measured(app, options);
}

void declare_durable(CLI::App& app, CommandLine& line) {
  line.acks = app.add_subcommand("acks", "measure the ACKs of labelled messages at a fixed rate");
  line.acks->add_option("--rate", line.load.fanout.rate, "messages a second; 0: 10,000");
  line.acks->add_option("--content", line.load.fanout.content, "bytes of each message");
  declare_measured(*line.acks, line.load.fanout);
  line.populate =
      app.add_subcommand("populate", "register peers and fill channels, before a crash");
  line.come_back = app.add_subcommand("return", "resume some of these peers, after a crash");
  line.come_back->add_option("--sample", line.load.sample, "number of peers that resume")
      ->check(CLI::PositiveNumber);
  for (auto* mode : {line.populate, line.come_back}) {
    mode->add_option("--entries", line.load.entries, "messages in each channel")
        ->check(CLI::Range(1, 1000));
  }
}

void declare(CLI::App& app, CommandLine& line) {
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("--url", line.url, "ws://ADDRESS:PORT/path of the server, or wss://")
      ->capture_default_str();
  app.add_option("--pid", line.load.fanout.server, "process of the server, to measure it");
  app.add_flag("--json", line.json, "print JSON instead of text");
  app.add_option("--describe", line.load.arrival.describe, "first line of each peer");
  app.add_option("--of-address", line.of_address,
                 "peers for each source address 127.0.0.1, 127.0.0.2, and so on")
      ->check(CLI::PositiveNumber);
  app.add_option("--under-way", line.load.arrival.under_way, "connections registered at a time")
      ->check(CLI::PositiveNumber);
  line.fanout =
      app.add_subcommand("fanout", "measure one channel with few senders and many receivers");
  declare_fanout(*line.fanout, line.load.fanout);
  line.idle = app.add_subcommand("idle", "measure the memory for each idle browser");
  line.arrivals = app.add_subcommand("arrivals", "measure connects, /descp and /join a second");
  line.crowd = app.add_subcommand("crowd", "register all peers in one channel at once");
  line.churn =
      app.add_subcommand("churn", "connect and disconnect peers and measure the growth of memory");
  line.churn->add_option("--rate", line.load.churn_rate,
                         "peers that connect, and disconnect, a second");
  line.churn->add_option("--seconds", line.load.churn_s, "duration in seconds");
  declare_durable(app, line);
  for (auto* mode :
       {line.idle, line.arrivals, line.crowd, line.acks, line.populate, line.come_back}) {
    mode->add_option("--peers", line.load.peers, "number of peers")->check(CLI::PositiveNumber);
  }
  for (auto* mode :
       {line.idle, line.arrivals, line.churn, line.acks, line.populate, line.come_back}) {
    line.load.arrival.channel_size = 10;
    mode->add_option("--channel-size", line.load.arrival.channel_size, "peers in each channel")
        ->check(CLI::PositiveNumber);
  }
  line.arrivals->add_flag("--browser", line.browser, "send the headers of a browser");
}

Outcome run(CommandLine& line) {
  if (line.fanout->parsed()) return run_fanout(line.load);
  if (line.idle->parsed()) {
    line.load.headers = Headers::Browser;
    return run_idle(line.load);
  }
  if (line.churn->parsed()) return run_churn(line.load);
  if (line.acks->parsed()) return run_acks(line.load);
  if (line.populate->parsed()) return run_populate(line.load);
  if (line.come_back->parsed()) return run_return(line.load);
  if (line.browser) line.load.headers = Headers::Browser;
  if (line.crowd->parsed()) line.load.arrival.channel_size = 0;
  return run_arrivals(line.load);
}

int main_of(int argc, char** argv) {
  CLI::App app("A load generator for Signaller.");
  CommandLine line;
  declare(app, line);
  CLI11_PARSE(app, argc, argv);
  const auto target = Target::parse(line.url);
  if (!target) {
    (void)std::fprintf(stderr, "signaller-load: not a ws:// or wss:// address: %s\n",
                       line.url.c_str());
    return 2;
  }
  line.load.target = *target;
  line.load.target.peers_of_address = line.of_address;
  raise_descriptor_limit(line.load.peers + line.load.fanout.receivers + 1024);
  Outcome outcome = run(line);
  if (!outcome.failure.empty()) outcome.report.text("trouble", outcome.failure);
  std::printf("%s\n", (line.json ? outcome.report.json() : outcome.report.human()).c_str());
  return outcome.failure.empty() ? 0 : 1;
}

}  // namespace
}  // namespace signaller::bench

int main(int argc, char** argv) {
  return signaller::bench::guarded("signaller-load", signaller::bench::main_of, argc, argv);
}
