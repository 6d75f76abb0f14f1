// Each verb gives the replies that it declares, and no others: over all transcripts together.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "commands/gate.hpp"
#include "commands/grammar/registry.hpp"
#include "commands/session/given_replies.hpp"
#include "commands/slash_protocol.hpp"
#include "tests/plain_hash.hpp"
#include "tests/slash_access.hpp"
#include "tests/transcript/player.hpp"
#include "tests/transcript/script.hpp"
#include "tests/transcript/settings.hpp"
#include "tests/transcript/split_mix.hpp"

namespace signaller::transcript {
namespace {

using commands::GivenReplies;
using commands::Replies;
using commands::SlashProtocol;

/// Plays a scenario with all its server restarts; collects the replies of every server.
void collect(const Scenario& scenario, GivenReplies& given) {
  SplitMix random;
  const tests::PlainHash hash;
  std::vector<std::shared_ptr<SlashProtocol>> servers;
  const auto start = [&]() -> SlashProtocol& {
    servers.push_back(tests::make_slash(options_of(scenario), random, hash));
    tests::slash_state_of(*servers.back()).given_replies = &given;
    return *servers.back();
  };
  const auto reload = [&](const std::vector<Setting>& settings) {
    auto options = options_of(scenario);
    for (const auto& setting : settings) set(options, scenario.file, setting);
    servers.back()->reload(std::move(options));
  };
  EXPECT_EQ(play(scenario, start(), reload, start), "");
}

std::set<std::string> names_of(const Replies& replies) {
  std::set<std::string> names;
  replies.each([&](auto reply) { names.emplace(irc::info(reply).name); });
  return names;
}

std::string list(const std::set<std::string>& names, const std::set<std::string>& without) {
  std::string text;
  for (const auto& name : names) {
    if (without.count(name) == 0) text += ' ' + name;
  }
  return text;
}

/// Returns the differences between the declared replies and the given ones; empty: none.
std::string difference(const GivenReplies& given, const Replies& declared) {
  const auto found = given.by_declaration.find(&declared);
  const auto names =
      found == given.by_declaration.end() ? std::set<std::string>{} : names_of(found->second);
  std::string text;
  if (const auto undeclared = list(names, names_of(declared)); !undeclared.empty()) {
    text += "given, but not declared:" + undeclared;
  }
  if (const auto missing = list(names_of(declared), names); !missing.empty()) {
    if (!text.empty()) text += "; ";
    text += "declared, but in no transcript:" + missing;
  }
  return text;
}

TEST(DeclaredReplies, EqualTheGivenReplies) {
  GivenReplies given;
  for (const auto& scenario : load_folder(SIGNALLER_SOURCE_DIR "/tests/transcript")) {
    collect(scenario, given);
  }
  EXPECT_EQ(difference(given, commands::GateReplies), "") << "by the gate";
  for (const commands::Command* command : commands::all_commands()) {
    EXPECT_EQ(difference(given, command->replies), "") << "by /" << command->name;
  }
}

TEST(DeclaredReplies, DifferInBothDirections) {
  const Replies declared{irc::Reply::Names, irc::Note::NothingChanged};
  GivenReplies given;
  EXPECT_EQ(difference(given, declared), "declared, but in no transcript: Names NothingChanged");
  given.by_declaration.emplace(&declared, Replies{irc::Reply::Names, irc::Failure::Busy});
  EXPECT_EQ(difference(given, declared),
            "given, but not declared: Busy; declared, but in no transcript: NothingChanged");
}

#ifndef NDEBUG
TEST(DeclaredRepliesDeathTest, AnUndeclaredReplyEndsADebugBuild) {
  SplitMix random;
  const tests::PlainHash hash;
  const auto owned = tests::make_slash({}, random, hash);
  SlashProtocol& protocol = *owned;
  const Replies none;
  EXPECT_DEATH(note_given(tests::slash_state_of(protocol), none, irc::Reply::Names),
               "does not declare this reply");
}
#endif

}  // namespace
}  // namespace signaller::transcript
