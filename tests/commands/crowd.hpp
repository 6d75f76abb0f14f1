// Several clients that do whatever comes to their minds, on a fake clock, and lose their
// connections now and then. After each step what they know is compared with the world.
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
  std::string secret;      ///< what it brings, or was issued; empty: none
  std::string connection;  ///< its name at the edge; empty: none
  bool deaf = false;       ///< what is sent to it is lost, and nobody has noticed yet
  bool stalled = false;
  bool full_list = true;  ///< it learns who is there: neither no-names nor no-presence
  ClientModel model;
  /// A message whose answer it has not heard.
  struct Unsure {
    std::string line;
    std::string label;
    std::string channel;
    std::string content;
    std::string epoch;  ///< of the channel, as far as it was known
    std::int64_t ms = 0;
  };
  std::optional<Unsure> unsure;
};

class Crowd {
 public:
  explicit Crowd(std::uint64_t seed);

  void step();
  /// Everybody hears what has been sent; then each is lost and comes back, and learns what a
  /// newcomer would; then everything that was heard is compared with what was said.
  void end();
  /// What was wrong first, with all that had been done up to then; empty: nothing.
  [[nodiscard]] const std::string& report() const { return fault_; }

 private:
  static commands::Options options(Seeded& random);

  // crowd.cpp: what happens to connections.
  void connect(Person& person);
  void describe(Person& person);
  [[nodiscard]] std::string since(const Person& person, std::set<std::string>& asked);
  void lose(Person& person);
  void retry(Person& person);
  static std::string epoch_of(const Person& person, const std::string& channel);
  void act(Person& person);
  void send(Person& person, const std::string& frame);
  void advance();

  // crowd_commands.cpp: what is said.
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

  // crowd_checks.cpp: what is compared.
  void settle();
  void learn();
  void receive(Person& person);
  void compare(const Person& person);
  void compare(const Person& person, const KnownChannel& known, const irc::Channel& channel);
  /// Channels get so big that they do not tell who comes and goes.
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
  commands::SlashProtocol protocol_;
  transcript::Edge edge_;
  commands::SlashState& slash_;
  std::vector<Person> people_;
  /// The number of each message, by whose sequence and epoch, and content.
  std::map<std::string, std::map<std::string, std::uint64_t>> said_;
  std::int64_t now_ms_ = 0;
  std::uint64_t labels_ = 0;
  std::uint64_t messages_ = 0;
  std::uint64_t connections_ = 0;
  std::vector<std::string> done_;
  std::string fault_;
};

}  // namespace signaller::tests
