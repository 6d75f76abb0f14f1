#include "tests/transcript/player.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>
#include <utility>

#include "tests/transcript/edge.hpp"
#include "tests/transcript/pattern.hpp"
#include "tests/transcript/record_lines.hpp"

namespace signaller::transcript {
namespace {

constexpr std::string_view SameAgain = "(the same)";
constexpr std::string_view AnyLines = "...";
constexpr auto Address = "192.0.2.1";
constexpr std::int64_t KeptLongest = 40LL * 24 * 3'600'000;  ///< longer than id_retention

bool word_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
}

/// Quotes bare words: `{nick: ann}` → `{nick: "ann"}`, except keys, ids and numbers.
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
  Player(const Scenario& scenario, port::Protocol& protocol, const Reload& reload,
         const Follower& follower)
      : scenario_(scenario), edge_(protocol), reload_(reload), follower_(follower) {
    edge_.answers().reload = [this] {
      if (reload_) reload_(reloaded_);
    };
  }

  std::string play() {
    for (const auto& step : scenario_.steps) {
      line_ = step.line;
      if (!expects(step.action) && !check_quiet("before this step")) break;
      take(step);
      if (failure_.empty() && !edge_.faults().empty()) {
        fail("the protocol broke the port's contract: " + edge_.faults().front());
      }
      if (!failure_.empty()) break;
    }
    if (failure_.empty()) check_quiet("at the end of \"" + scenario_.title + "\"", true);
    if (failure_.empty()) check_nothing_stays();
    return failure_;
  }

 private:
  void take(const Step& step) {
    if (expects(step.action)) return expect(step);
    if (!speaks_sensibly(step)) return;
    act(step);
    for (const auto& each : ignored_) edge_.clients()[each].received.clear();
    if (!step.quietly) return;
    for (auto& [name, client] : edge_.clients()) client.received.clear();
  }

  /// A client must not be connected before it connects, and must be connected before other steps.
  bool speaks_sensibly(const Step& step) {
    const auto& name = step.who.empty() ? std::string() : step.who.front();
    switch (step.action) {
      case Action::Connects:
      case Action::Arrives:
      case Action::Returns:
        if (edge_.is_open(name)) fail(name + " is already connected");
        break;
      case Action::Sends:
      case Action::Closes:
      case Action::Stalls:
      case Action::Drains:
      case Action::Lingers:
        if (!edge_.is_open(name)) fail(name + " is not connected");
        break;
      default:  // all other steps are allowed, because they do not concern a single connection
        break;
    }
    return failure_.empty();
  }

  void act(const Step& step) {
    const auto& name = step.who.empty() ? std::string() : step.who.front();
    switch (step.action) {
      case Action::Sends:
        return edge_.send(name, expand(step.text, captures_));
      case Action::Connects:
        return edge_.connect(name, step.address.empty() ? Address : step.address);
      case Action::Arrives:
      case Action::Returns:
        return arrive(step, name);
      case Action::Closes:
        return edge_.close(name, static_cast<std::uint16_t>(step.number));
      case Action::Stalls:
        return edge_.stall(name);
      case Action::Drains:
        return edge_.drain(name);
      case Action::Lingers:
        return edge_.linger(name);
      case Action::Goes:
        return edge_.go(name);
      case Action::Ignores:
        ignored_.insert(name);
        return;
      case Action::Listens:
        ignored_.erase(name);
        return;
      case Action::TimePasses:
        return edge_.advance(step.number);
      case Action::ShutsDown:
        return edge_.shut_down();
      case Action::StoreIs:
        return edge_.set_store(step.text);
      case Action::Dies:
        return edge_.follow(follower_(), false);
      case Action::Restarts:
        return edge_.follow(follower_(), true);
      default:
        return serve(step);
    }
  }

  /// Sets the answers of the edge's services.
  void serve(const Step& step) {
    auto& answers = edge_.answers();
    const auto space = step.text.find(' ');
    const auto first = step.text.substr(0, space);
    const auto rest = space == std::string::npos ? std::string() : step.text.substr(space + 1);
    if (step.action == Action::Counts) {
      answers.counts.push_back(stat(step.text));
    } else if (step.action == Action::Reloads) {
      edge_.answers().reload();
    } else if (step.action == Action::WillReload && first == "sets") {
      const auto value = rest.find(' ');
      reloaded_.push_back({step.line, rest.substr(0, value), rest.substr(value + 1)});
    } else if (step.action == Action::WillReload) {
      answers.reload_ok = first != "fails";
      answers.reload_stats.push_back(
          first == "fails" ? port::Stat{"config", "error", rest}
                           : port::Stat{rest.substr(std::string_view("restart ").size()), "restart",
                                        "stays as it is until a restart"});
    } else {
      answers.verifier_stalls = first == "stalls";
      answers.verifier_busy = step.text == "is busy";
      if (step.text == "goes on") edge_.verify_waiting();
    }
  }

  /// Parses `net connections 3`.
  static port::Stat stat(const std::string& text) {
    const auto name = text.find(' ') + 1;
    const auto value = text.find(' ', name) + 1;
    return {text.substr(0, name - 1), text.substr(name, value - 1 - name), text.substr(value)};
  }

  void expect(const Step& step) {
    switch (step.action) {
      case Action::Receives:
        return receive(step);
      case Action::HasNothing:
        return expect_nothing(step);
      case Action::StoreHolds:
        return expect_stored(step);
      case Action::Stored:
      case Action::NotStored:
        return expect_among(record_lines(edge_.stored()), step, step.action == Action::Stored);
      case Action::BannedRange:
      case Action::NotBarred:
        return expect_among(banned_range_lines(edge_.banned_ranges()), step,
                            step.action == Action::BannedRange);
      case Action::Audited:
      case Action::NotAudited:
        return expect_audit(step);
      default:
        return expect_limit(step);
    }
  }

  void expect_among(const std::vector<std::string>& lines, const Step& step, bool expected) {
    const bool found = std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
      return matches(step.text, line, captures_);
    });
    if (found == expected) return;
    std::string all;
    for (const auto& line : lines) all += "\n  there is: " + readable(line);
    fail((found ? "it is there" : "nothing of the kind is there") + all);
  }

  void expect_audit(const Step& step) {
    auto& audited = edge_.audited();
    const auto got = audited.empty() ? std::string() : audit_line(audited.front());
    if (step.action == Action::NotAudited) {
      if (!audited.empty()) fail("it is audited: " + readable(got));
      return;
    }
    if (audited.empty()) return fail("nothing was audited\n  expected: " + step.text);
    audited.pop_front();
    if (matches(step.text, got, captures_)) return;
    fail("audited otherwise\n  expected: " + expected(step.text) +
         "\n  got:      " + readable(got));
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

  /// Connects, describes the client, and drops the welcome. A returning client sends its secret,
  /// and its SESSION line is kept.
  void arrive(const Step& step, const std::string& name) {
    edge_.connect(name, step.address.empty() ? Address : step.address);
    const bool returns = step.action == Action::Returns;
    auto members =
        step.text.empty() || step.text == "{}" ? "}" : ", " + quote_words(step.text).substr(1);
    const auto secret = captures_.find(step.as + "_secret");
    if (returns && members.find("secret:") == std::string::npos && secret != captures_.end()) {
      members = ", secret: \"" + secret->second + "\"" + members;
    }
    edge_.send(name, expand("/descp {id: @" + step.as + members, captures_));
    drop_welcome(step, name, returns);
  }

  void drop_welcome(const Step& step, const std::string& name, bool keeps_session) {
    auto& received = edge_.clients()[name].received;
    std::deque<std::string> kept;
    std::string seen;
    while (!received.empty()) {
      auto line = std::move(received.front());
      received.pop_front();
      const bool last =
          line.find(" 376 ") != std::string::npos || line.find(" 422 ") != std::string::npos;
      if (line.find(" SESSION ") != std::string::npos) {
        note_session(step.as, line);
        if (keeps_session) kept.push_back(line);
      }
      seen = std::move(line);
      if (!last) continue;
      received.insert(received.begin(), kept.begin(), kept.end());
      return;
    }
    fail(name + " was not welcomed; its last line: " + readable(seen));
  }

  /// Defines `{ann_secret}` and `{ann_inbox}` for later steps.
  void note_session(const std::string& who, const std::string& line) {
    std::istringstream words(line.substr(line.find(" SESSION ") + 9));
    std::string id;
    std::string window;
    std::string kind;
    words >> id >> captures_[who + "_secret"] >> window >> kind >> captures_[who + "_inbox"];
  }

  /// Asserts that every received line was expected, except lines of stalled clients.
  bool check_quiet(const std::string& when, bool at_end = false) {
    for (const auto& name : skipping_) edge_.clients()[name].received.clear();
    skipping_.clear();
    const auto& clients = edge_.clients();
    const auto loud = std::find_if(clients.begin(), clients.end(), [at_end](const auto& each) {
      return !each.second.received.empty() && (at_end || !each.second.stalled);
    });
    if (loud == clients.end()) return true;
    fail(loud->first + " received what nobody expected, " + when);
    return false;
  }

  /// After the last connection and all retention times the store must be empty.
  void check_nothing_stays() {
    edge_.close_all();
    edge_.advance(KeptLongest);
    if (!edge_.faults().empty()) return fail("when all closed: " + edge_.faults().front());
    const auto left = leftovers(edge_.stored());
    if (left.empty()) return;
    fail("after everybody has gone: " + left);
    for (const auto& line : record_lines(edge_.stored())) {
      failure_ += "\n  stored: " + readable(line);
    }
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
  const Reload& reload_;
  const Follower& follower_;
  std::vector<Setting> reloaded_;
  Captures captures_;
  std::set<std::string> ignored_;
  std::set<std::string> skipping_;
  std::string last_;  ///< the line that the latest `<` matched
  std::string failure_;
  int line_ = 0;
};

}  // namespace

std::string play(const Scenario& scenario, port::Protocol& protocol, const Reload& reload,
                 const Follower& follower) {
  return Player(scenario, protocol, reload, follower).play();
}

}  // namespace signaller::transcript
