// Each verb, alias, numeric, FAIL code and NOTE code needs a transcript that shows it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "tests/transcript/script.hpp"

namespace signaller::transcript {
namespace {

const std::filesystem::path root = SIGNALLER_SOURCE_DIR;

/// Returns all distinct texts in a file that the first group of `form` matches.
std::set<std::string> find_all(const std::filesystem::path& file, const std::string& form) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  const std::regex pattern(form);
  std::set<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) {
    found.insert((*it)[1]);
  }
  return found;
}

/// Returns the text of all steps of one kind, one a line; only of one file if a file is named.
std::string text_of(Action action, const std::string& file = {}) {
  std::string text;
  for (const auto& scenario : load_folder(root / "tests/transcript")) {
    if (!file.empty() && std::filesystem::path(scenario.file).filename() != file) continue;
    for (const auto& step : scenario.steps) {
      if (step.action == action) text += step.text + "\n";
    }
  }
  return text;
}

/// Returns the names that do not occur in `text` as a word after `before`.
std::set<std::string> missing(const std::set<std::string>& names, const std::string& text,
                              const std::string& before) {
  std::set<std::string> without;
  for (const auto& name : names) {
    const std::regex word(before + name + R"((?=[\s\\*]))");
    if (!std::regex_search(text, word)) without.insert(name);
  }
  return without;
}

const std::set<std::string> nothing;

std::set<std::string> verbs() {
  return find_all(root / "src/commands/grammar/commands.def", R"(\n *COMMAND\((\w+)\))");
}

TEST(Coverage, EachVerbIsSent) {
  ASSERT_GT(verbs().size(), 10U);
  EXPECT_EQ(missing(verbs(), text_of(Action::Sends), "/"), nothing);
}

TEST(Coverage, EachVerbIsAlsoSentBeforeDescp) {
  EXPECT_EQ(missing(verbs(), text_of(Action::Sends, "undescribed.txt"), "/"), nothing);
}

TEST(Coverage, EachNumericIsReceived) {
  std::set<std::string> numerics;
  for (const auto& number :
       find_all(root / "src/irc/text/replies.def", R"(\nREPLY\(\w+, (\d+),)")) {
    numerics.insert(std::string(3 - number.size(), '0') + number);
  }
  ASSERT_GT(numerics.size(), 20U);
  EXPECT_EQ(missing(numerics, text_of(Action::Receives), " "), nothing);
}

TEST(Coverage, EachFailureIsReceived) {
  const auto codes =
      find_all(root / "src/irc/text/standard_replies.def", R"(\nFAILURE\(\w+, "(\w+)\")");
  ASSERT_GT(codes.size(), 3U);
  EXPECT_EQ(missing(codes, text_of(Action::Receives), " "), nothing);
}

TEST(Coverage, EachNoteIsReceived) {
  const auto codes =
      find_all(root / "src/irc/text/standard_replies.def", R"(\nNOTE\(\w+, "(\w+)\")");
  ASSERT_GT(codes.size(), 0U);
  EXPECT_EQ(missing(codes, text_of(Action::Receives), " "), nothing);
}

}  // namespace
}  // namespace signaller::transcript
