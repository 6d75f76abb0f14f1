// signaller-attack: many kinds of hostile clients at once, and a report of the results. Connects to
// loopback addresses only, where each kind has a network of its own.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "attack_bans.hpp"
#include "attack_report.hpp"
#include "attack_runner.hpp"
#include "process.hpp"
#include "program.hpp"

namespace signaller::bench {
namespace {

struct CommandLine {
  std::string url = "ws://127.0.0.1:3012/";
  std::vector<std::string> kinds;
  std::string name = "root";
  std::string password;
  AttackOptions attack;
};

void declare(CLI::App& app, CommandLine& line) {
  std::string names;
  for (const AttackKind& kind : kinds()) {
    names += "\n  " + std::string(kind.name) + ": " + std::string(kind.does);
  }
  app.footer("Kinds:" + names);
  app.add_option("--url", line.url, "ws://127.x.y.z:PORT/path of the server")
      ->capture_default_str();
  app.add_option("--seconds", line.attack.seconds, "duration in seconds")
      ->check(CLI::Range(0.1, 86'400.0));
  app.add_option("--scale", line.attack.scale, "factor for the numbers of attackers")
      ->check(CLI::Range(0.001, 10.0));
  app.add_option("--kinds", line.kinds, "a,b,c: only these kinds")->delimiter(',');
  app.add_option("--seed", line.attack.seed, "seed of the random bytes");
  app.add_option("--oper", line.name,
                 "name of an operator, who bans the network of the kind `banned`");
  app.add_option("--password", line.password,
                 "password of the operator; without it nobody is banned");
}

/// Returns all kinds, or the named ones; empty if a name is unknown.
std::vector<const AttackKind*> chosen(const std::vector<std::string>& names) {
  std::vector<const AttackKind*> found;
  for (const AttackKind& kind : kinds()) {
    const bool named = std::find(names.begin(), names.end(), kind.name) != names.end();
    if (named || names.empty()) found.push_back(&kind);
  }
  if (!names.empty() && found.size() != names.size()) found.clear();
  return found;
}

std::string banned_range() {
  const auto banned = std::find_if(kinds().begin(), kinds().end(),
                                   [](const AttackKind& kind) { return kind.name == BannedKind; });
  return "127." + std::to_string((network_of(*banned) >> 16U) & 0xffU) + ".0.0/16";
}

int report_error(const std::string& what) {
  (void)std::fprintf(stderr, "signaller-attack: %s\n", what.c_str());
  return 2;
}

int main_of(int argc, char** argv) {
  CLI::App app("Runs many kinds of attackers at once against a server on the loopback.");
  CommandLine line;
  declare(app, line);
  CLI11_PARSE(app, argc, argv);
  const auto target = Target::parse(line.url);
  constexpr std::uint32_t Loopback = 127;
  if (!target || target->secure || ntohl(target->address.sin_addr.s_addr) >> 24U != Loopback) {
    return report_error("not a ws:// address on the loopback: " + line.url);
  }
  const auto who = chosen(line.kinds);
  if (who.empty()) return report_error("unknown or duplicate kind; see --help");
  if (!line.password.empty()) {
    const auto failure = ban(*target, line.name, line.password, banned_range());
    if (!failure.empty()) return report_error(failure);
  }
  raise_descriptor_limit(65'536);
  AttackRunner runner(*target, who, line.attack);
  runner.run();
  std::printf("%s\n", report_of(line.attack, runner.all_totals()).c_str());
  return 0;
}

}  // namespace
}  // namespace signaller::bench

int main(int argc, char** argv) {
  return signaller::bench::guarded("signaller-attack", signaller::bench::main_of, argc, argv);
}
