// signaller-load: clients by the thousand against one server, and what they saw of it.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "modes.hpp"
#include "process.hpp"
#include "program.hpp"

namespace signaller::bench {
namespace {

/// The command line as it is typed; LoadOptions is what it means.
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
  app.add_flag("--wait", options.wait, "sleep until something comes: for a shared core");
  app.add_option("--warm-up", options.warm_up_s, "seconds before the measurement");
  app.add_option("--seconds", options.seconds, "seconds that are measured");
}

void declare_fanout(CLI::App& app, FanoutOptions& options) {
  app.add_option("--receivers", options.receivers, "peers that only listen");
  app.add_option("--senders", options.senders, "peers that talk (and hear one another)")
      ->check(CLI::Range(1, 256));
  app.add_option("--in-flight", options.in_flight, "closed loop: messages under way")
      ->check(CLI::PositiveNumber);
  app.add_option("--rate", options.rate, "open loop: messages a second; 0: closed loop");
  app.add_option("--content", options.content, "bytes of each message, at least 29");
  app.add_flag("--labelled", options.labelled, "each message is under way until its ACK has come");
  declare_measured(app, options);
}

void declare_durable(CLI::App& app, CommandLine& line) {
  line.acks = app.add_subcommand("acks", "labelled messages at a fixed rate, and their ACKs");
  line.acks->add_option("--rate", line.load.fanout.rate, "messages a second; 0: 10,000");
  line.acks->add_option("--content", line.load.fanout.content, "bytes of each message");
  declare_measured(*line.acks, line.load.fanout);
  line.populate = app.add_subcommand("populate", "peers come, talk, and are cut: before a crash");
  line.come_back = app.add_subcommand("return", "some of those come back after it");
  line.come_back->add_option("--sample", line.load.sample, "how many")->check(CLI::PositiveNumber);
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
  app.add_option("--pid", line.load.fanout.server, "the server's process, to account for");
  app.add_flag("--json", line.json, "one line of JSON instead of text");
  app.add_option("--describe", line.load.arrival.describe, "what each peer says first");
  app.add_option("--of-address", line.of_address,
                 "so many peers come from 127.0.0.1, the next from 127.0.0.2, and so on")
      ->check(CLI::PositiveNumber);
  app.add_option("--under-way", line.load.arrival.under_way, "connects at a time")
      ->check(CLI::PositiveNumber);
  line.fanout = app.add_subcommand("fanout", "one channel, few senders, many receivers");
  declare_fanout(*line.fanout, line.load.fanout);
  line.idle = app.add_subcommand("idle", "memory of the server for each idle browser");
  line.arrivals = app.add_subcommand("arrivals", "connects, /descp and /join a second");
  line.crowd = app.add_subcommand("crowd", "everybody into one channel, at once");
  line.churn = app.add_subcommand("churn", "peers come and go: does the server's memory grow?");
  line.churn->add_option("--rate", line.load.churn_rate, "peers that come, and go, a second");
  line.churn->add_option("--seconds", line.load.churn_s, "how long");
  declare_durable(app, line);
  for (auto* mode :
       {line.idle, line.arrivals, line.crowd, line.acks, line.populate, line.come_back}) {
    mode->add_option("--peers", line.load.peers, "how many")->check(CLI::PositiveNumber);
  }
  for (auto* mode :
       {line.idle, line.arrivals, line.churn, line.acks, line.populate, line.come_back}) {
    line.load.arrival.channel_size = 10;
    mode->add_option("--channel-size", line.load.arrival.channel_size, "peers in each channel")
        ->check(CLI::PositiveNumber);
  }
  line.arrivals->add_flag("--browser", line.browser, "headers as long as a browser's");
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
    (void)std::fprintf(stderr, "signaller-load: no ws:// or wss:// address: %s\n",
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
