#include "tests/transcript/player.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "tests/transcript/edge.hpp"
#include "tests/transcript/pattern.hpp"

namespace signaller::transcript {
namespace {

constexpr std::string_view SameAgain = "(the same)";
constexpr std::string_view AnyLines = "...";
constexpr auto Address = "192.0.2.1";

bool word_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
}

/// `{nick: ann}` → `{nick: "ann"}`: bare words that are neither keys nor ids nor numbers.
std::string quote_words(const std::string& members) {
  std::string out;
  for (std::size_t at = 0; at < members.size();) {
    std::size_t end = at + 1;
    if (members[at] == '"') {
      end = std::min(members.find('"', end), members.size() - 1) + 1;
    } else if (members[at] == '@' || word_char(members[at])) {
      while (end < members.size() && word_char(members[end])) ++end;
    }
    const auto word = members.substr(at, end - at);
    const bool key = end < members.size() && members[end] == ':';
    const bool bare = std::isalpha(static_cast<unsigned char>(word[0])) != 0;
    out += bare && !key ? '"' + word + '"' : word;
    at = end;
  }
  return out;
}

class Player {
 public:
  Player(const Scenario& scenario, port::Protocol& protocol)
      : scenario_(scenario), edge_(protocol) {}

  std::string play() {
    for (const auto& step : scenario_.steps) {
      line_ = step.line;
      if (is_input(step.action) && !check_quiet("before this step")) break;
      take(step);
      if (failure_.empty() && !edge_.faults().empty()) {
        fail("the protocol broke the port's contract: " + edge_.faults().front());
      }
      if (!failure_.empty()) break;
    }
    if (failure_.empty()) check_quiet("at the end of \"" + scenario_.title + "\"");
    if (failure_.empty()) check_nothing_stays();
    return failure_;
  }

 private:
  static bool is_input(Action action) {
    return action != Action::Receives && action != Action::HasNothing &&
           action != Action::MaySend && action != Action::StoreHolds;
  }

  void take(const Step& step) {
    const auto& name = step.who.empty() ? std::string() : step.who.front();
    const bool fresh = step.action == Action::Connects || step.action == Action::Arrives;
    const bool talks = is_input(step.action) && step.action != Action::TimePasses &&
                       step.action != Action::ShutsDown && step.action != Action::Ignores &&
                       step.action != Action::Listens;
    if (talks && fresh == edge_.is_open(name)) {
      fail(name + (fresh ? " is already connected" : " is not connected"));
      return;
    }
    if (is_input(step.action)) {
      act(step, name);
    } else {
      expect(step);
    }
    for (const auto& each : ignored_) edge_.clients()[each].received.clear();
  }

  void act(const Step& step, const std::string& name) {
    if (step.action == Action::Sends) {
      edge_.send(name, expand(step.text, captures_));
    } else if (step.action == Action::Connects) {
      edge_.connect(name, step.text.empty() ? Address : step.text);
    } else if (step.action == Action::Arrives) {
      arrive(name, step.text);
    } else if (step.action == Action::Closes) {
      edge_.close(name, static_cast<std::uint16_t>(step.number));
    } else if (step.action == Action::Stalls) {
      edge_.stall(name);
    } else if (step.action == Action::Drains) {
      edge_.drain(name);
    } else if (step.action == Action::Ignores) {
      ignored_.insert(name);
    } else if (step.action == Action::Listens) {
      ignored_.erase(name);
    } else if (step.action == Action::TimePasses) {
      edge_.advance(step.number);
    } else {
      edge_.shut_down();
    }
  }

  void expect(const Step& step) {
    if (step.action == Action::Receives) {
      receive(step);
    } else if (step.action == Action::HasNothing) {
      expect_nothing(step);
    } else if (step.action == Action::StoreHolds) {
      expect_stored(step);
    } else {
      expect_limit(step);
    }
  }

  void receive(const Step& step) {
    for (const auto& name : step.who) {
      auto& received = edge_.clients()[name].received;
      if (step.text == AnyLines) {
        skipping_.insert(name);
        continue;
      }
      if (skipping_.erase(name) > 0) skip_to(received, step.text);
      if (received.empty()) return fail(name + " received nothing\n  expected: " + step.text);
      const bool same = step.text == SameAgain;
      const auto& got = received.front();
      if (same ? got != last_ : !matches(step.text, got, captures_)) {
        return fail(name + " received another line\n  expected: " + expected(step.text) +
                    "\n  got:      " + readable(got));
      }
      last_ = got;
      received.pop_front();
    }
  }

  void skip_to(std::deque<std::string>& received, const std::string& pattern) {
    while (!received.empty()) {
      auto tried = captures_;
      if (matches(pattern, received.front(), tried)) return;
      received.pop_front();
    }
  }

  std::string expected(const std::string& text) const {
    return readable(text == SameAgain ? last_ : expand(text, captures_));
  }

  void expect_nothing(const Step& step) {
    for (const auto& name : step.who) {
      if (!edge_.clients()[name].received.empty()) {
        return fail(name + " received what it should not have");
      }
    }
  }

  void expect_stored(const Step& step) {
    const auto held = edge_.stored();
    const auto counts = std::to_string(held.peers.size()) + " peers, " +
                        std::to_string(held.channels.size()) + " channels, " +
                        std::to_string(held.members.size()) + " members";
    if (counts != step.text) fail("the store holds " + counts + ", not " + step.text);
  }

  void expect_limit(const Step& step) {
    const auto limit = edge_.clients()[step.who.front()].frame_limit;
    if (limit == static_cast<std::size_t>(step.number)) return;
    fail(step.who.front() + " may send frames of " + std::to_string(limit) + " bytes, not " +
         std::to_string(step.number));
  }

  /// Connects, describes itself as the id of its own name, and drops the welcome.
  void arrive(const std::string& name, const std::string& members) {
    edge_.connect(name, Address);
    const auto more = members.empty() ? "}" : ", " + quote_words(members).substr(1);
    edge_.send(name, expand("/descp {id: @" + name + more, captures_));
    auto& received = edge_.clients()[name].received;
    while (!received.empty()) {
      const auto line = std::move(received.front());
      received.pop_front();
      if (line.find(" 376 ") != std::string::npos || line.find(" 422 ") != std::string::npos)
        return;
      seen_ = line;
    }
    fail(name + " was not welcomed; its last line: " + readable(seen_));
  }

  /// Everything that was received has been expected.
  bool check_quiet(const std::string& when) {
    for (const auto& name : skipping_) edge_.clients()[name].received.clear();
    skipping_.clear();
    const auto& clients = edge_.clients();
    const auto loud = std::find_if(clients.begin(), clients.end(),
                                   [](const auto& each) { return !each.second.received.empty(); });
    if (loud == clients.end()) return true;
    fail(loud->first + " received what nobody expected, " + when);
    return false;
  }

  /// Nothing outlives the last connection.
  void check_nothing_stays() {
    edge_.close_all();
    if (!edge_.faults().empty()) fail("when all closed: " + edge_.faults().front());
    const auto held = edge_.stored();
    const auto left = held.peers.size() + held.channels.size() + held.members.size();
    if (left != 0) fail(std::to_string(left) + " records stay in the store");
  }

  void fail(const std::string& what) {
    failure_ = scenario_.file + ":" + std::to_string(line_) + ": " + what;
    for (const auto& [name, client] : edge_.clients()) {
      std::size_t shown = 0;
      for (const auto& line : client.received) {
        if (++shown > 12) break;
        failure_ += "\n  left over: " + name + "< " + readable(line);
      }
      if (shown > 12) failure_ += "\n  left over: … " + std::to_string(client.received.size());
    }
  }

  const Scenario& scenario_;
  Edge edge_;
  Captures captures_;
  std::set<std::string> ignored_;
  std::set<std::string> skipping_;
  std::string last_;  ///< the line that the latest `<` matched
  std::string seen_;
  std::string failure_;
  int line_ = 0;
};

}  // namespace

std::string play(const Scenario& scenario, port::Protocol& protocol) {
  return Player(scenario, protocol).play();
}

}  // namespace signaller::transcript
