// Plays a script with several clients and the slash protocol, and the edge of the tests between
// them, on a fake clock. Checks the invariants after each step.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "tests/fuzz/script.hpp"
#include "tests/plain_hash.hpp"
#include "tests/seeded.hpp"
#include "tests/slash_access.hpp"
#include "tests/transcript/edge.hpp"

namespace signaller::fuzz {

class Stage {
 public:
  /// @param settings  `key=value`, as in server.conf; invalid settings are ignored
  explicit Stage(const std::vector<std::string>& settings);

  void take(const Step& step);
  /// Ends all clients and lets all deadlines pass, then checks that only lasting state is left.
  void end();

 private:
  static Config configured(const std::vector<std::string>& settings);
  static void change(Config& config, const std::string& setting);
  void act(const Step& step);
  void connect(const Step& step);
  void say(const Step& step);
  /// Calls a function of the edge for the client if it is connected.
  void if_open(const Step& step, void (transcript::Edge::*call)(const std::string&));
  [[nodiscard]] bool is_there(const Step& step);
  void set_verifier(char what);
  void set_store(char what);
  void reload(const std::string& setting);
  /// Sets what the next /rehash reads.
  void prepare_reload(const std::string& setting);
  void shut_down();
  void take_over(bool asked);
  void let_time_pass(std::int64_t ms);
  /// The current or last connection of the client.
  [[nodiscard]] const std::string& place(const Step& step) const { return places_[step.client]; }

  // stage_checks.cpp: the invariants
  void check();
  void hear();
  void check_line(std::string_view line) const;
  void check_sessions();
  void check_subscriptions(const transcript::Client& client, const commands::Session& session);
  void forget_the_gone();
  void check_nothing_is_left();
  [[nodiscard]] std::size_t longest_line() const;

  Config config_;
  tests::Seeded random_;
  tests::PlainHash hash_;
  std::shared_ptr<commands::SlashProtocol> protocol_;
  commands::SlashState* slash_;
  transcript::Edge edge_;
  std::array<std::string, ClientLetters.size()> places_;
  AllLearnt learnt_;
  std::size_t connections_ = 0;
  /// Maximum length of a line of the server, for all settings of this script.
  std::size_t longest_;
  std::int64_t passed_ms_ = 0;
  std::int64_t set_back_ms_ = 0;
  bool over_ = false;
  bool reconfigured_ = false;  ///< the store may hold more than the new limits allow
};

}  // namespace signaller::fuzz
