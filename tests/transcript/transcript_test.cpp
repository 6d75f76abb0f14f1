// Runs each scenario of each transcript in this folder as one test.
#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "commands/slash_protocol.hpp"
#include "tests/plain_hash.hpp"
#include "tests/slash_access.hpp"
#include "tests/transcript/player.hpp"
#include "tests/transcript/script.hpp"
#include "tests/transcript/settings.hpp"
#include "tests/transcript/split_mix.hpp"

namespace signaller::transcript {

/// Prints the title; GoogleTest would print the bytes of the object.
void PrintTo(const Scenario& scenario, std::ostream* out) {
  *out << '"' << scenario.title << '"';
}

namespace {

const std::filesystem::path folder = SIGNALLER_SOURCE_DIR "/tests/transcript";

/// A file with an error becomes one failing scenario, so that the other tests still run.
std::vector<Scenario> scenarios() {
  try {
    return load_folder(folder);
  } catch (const std::exception& error) {
    Scenario broken;
    broken.title = error.what();
    return {broken};
  }
}

std::string name_of(const testing::TestParamInfo<Scenario>& info) {
  auto name = std::filesystem::path(info.param.file).stem().string() + "_" + info.param.title;
  for (auto& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

class Transcript : public testing::TestWithParam<Scenario> {};

TEST_P(Transcript, Matches) {
  ASSERT_FALSE(GetParam().file.empty()) << GetParam().title;
  SplitMix random;
  const tests::PlainHash hash;
  const auto make = [&] { return tests::make_slash(options_of(GetParam()), random, hash); };
  auto protocol = make();
  std::vector<std::shared_ptr<commands::SlashProtocol>> before;
  const auto reload = [&](const std::vector<Setting>& settings) {
    auto options = options_of(GetParam());
    for (const auto& setting : settings) set(options, GetParam().file, setting);
    protocol->reload(std::move(options));
  };
  const auto follower = [&]() -> port::Protocol& {
    before.push_back(std::exchange(protocol, make()));
    return *protocol;
  };
  EXPECT_EQ(play(GetParam(), *protocol, reload, follower), "");
}

INSTANTIATE_TEST_SUITE_P(Of, Transcript, testing::ValuesIn(scenarios()), name_of);

}  // namespace
}  // namespace signaller::transcript
