// Several clients send random commands on a fake clock, and lose their connections now and then.
// After each step, the test compares their knowledge with the world.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/commands/client_model.hpp"
#include "tests/plain_hash.hpp"
#include "tests/seeded.hpp"
#include "tests/slash_access.hpp"
#include "tests/transcript/edge.hpp"

namespace signaller::tests {

struct Person {
  std::string id;
  std::string secret;      ///< chosen by the client or issued by the server; empty: none
  std::string connection;  ///< name of the client's connection at the edge; empty: none
  bool deaf = false;       ///< lines to the client are lost, and the server has not noticed yet
  bool stalled = false;
  bool full_list = true;  ///< the client knows all members: it has neither no-names nor no-presence
  ClientModel model;
  /// A message that was sent, and whose ACK or FAIL has not arrived.
  struct Unsure {
    std::string line;
    std::string label;
    std::string channel;
    std::string content;
    std::string epoch;  ///< epoch of the channel; empty: unknown
    std::int64_t ms = 0;
  };
  std::optional<Unsure> unsure;
};

class Crowd {
 public:
  explicit Crowd(std::uint64_t seed);

  void step();
  /// Delivers all lines. Then each client loses its connection, resumes, and must know as much as a
  /// client that joins for the first time. Compares all received messages with the sent ones.
  void end();
  /// The first fault, with all steps before it; empty: none.
  [[nodiscard]] const std::string& report() const { return fault_; }

 private:
  static commands::Options options(Seeded& random);

  // crowd.cpp: connections.
  void connect(Person& person);
  void describe(Person& person);
  [[nodiscard]] std::string since(const Person& person, std::set<std::string>& asked);
  void lose(Person& person);
  void retry(Person& person);
  static std::string epoch_of(const Person& person, const std::string& channel);
  void act(Person& person);
  void send(Person& person, const std::string& frame);
  void advance();

  // crowd_commands.cpp: random commands.
  std::string command(Person& person);
  std::string say(Person& person);
  std::string tell();
  std::string enter_or_leave(Person& person);
  std::string moderate(Person& person);
  std::string change_channel(Person& person);
  std::string change_self(Person& person);
  std::string look(Person& person);
  std::string label(char kind) { return kind + std::to_string(++labels_); }
  std::string labelled(char kind, const std::string& line) {
    return "@label=" + label(kind) + ' ' + line;
  }
  std::string channel_of(const Person& person);
  std::string somebody();
  std::string message(bool long_ones);

  // crowd_checks.cpp: comparisons.
  void settle();
  void learn();
  void receive(Person& person);
  void compare(const Person& person);
  void compare(const Person& person, const KnownChannel& known, const irc::Channel& channel);
  /// Whether channels get so big that they suppress JOIN, PART, QUIT and AWAY.
  [[nodiscard]] bool is_suppressed() const {
    return slash_.options.limits.presence < people_.size();
  }
  [[nodiscard]] bool is_busy(const Person& person);
  [[nodiscard]] std::optional<std::uint64_t> position(const Run& run) const;
  void verify(const Run& run);
  void bring_everybody_back();
  void note(const std::string& what);
  void wrong(const std::string& what);

  Seeded random_;
  PlainHash hash_;
  std::shared_ptr<commands::SlashProtocol> owned_;
  commands::SlashProtocol& protocol_;
  transcript::Edge edge_;
  commands::SlashState& slash_;
  std::vector<Person> people_;
  /// The number of each message, by sequence (channel or inbox, with epoch) and content.
  std::map<std::string, std::map<std::string, std::uint64_t>> said_;
  std::int64_t now_ms_ = 0;
  std::uint64_t labels_ = 0;
  std::uint64_t messages_ = 0;
  std::uint64_t connections_ = 0;
  std::vector<std::string> done_;
  std::string fault_;
};

}  // namespace signaller::tests
