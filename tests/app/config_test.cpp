// Every key reads back what it prints, and what is wrong is said with its key and line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "config.hpp"

namespace signaller {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// A file of this process's own.
class File {
 public:
  explicit File(const std::string& text)
      : path_(std::filesystem::temp_directory_path() /
              ("signaller-config-" + std::to_string(::getpid()) + ".conf")) {
    std::ofstream(path_) << text;
  }
  ~File() { std::filesystem::remove(path_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

ConfigError read(const std::string& text, Config& config) {
  const File file(text);
  return read_config(file.path(), config);
}
ConfigError read(const std::string& text) {
  Config config;
  return read(text, config);
}

TEST(Config, WhatIsPrintedReadsBackTheSame) {
  Config config;
  EXPECT_THAT(set_config("limits.line=1234", config), IsEmpty());
  EXPECT_THAT(set_config("motd=[\"one\", \"two \\\"quoted\\\"\"]", config), IsEmpty());
  EXPECT_THAT(set_config("describe_timeout=1500ms", config), IsEmpty());
  EXPECT_THAT(set_config("broadcast=peers", config), IsEmpty());
  config.listen = {{"[::1]:99", {{"/chat", "slash"}}}};
  Config again;
  ASSERT_THAT(read(print_config(config), again), IsEmpty());
  EXPECT_EQ(print_config(again), print_config(config));
  EXPECT_EQ(again.slash.limits.line, 1234U);
  EXPECT_EQ(again.slash.describe_timeout_ms, 1500);
  EXPECT_EQ(again.listen.at(0).paths.at(0).path, "/chat");
}

TEST(Config, EveryKeyIsPrintedOnceWithItsMeaning) {
  const std::string text = print_config(Config{});
  std::set<std::string_view> names;
  for (const Key& key : config_keys()) {
    EXPECT_TRUE(names.insert(key.name).second) << key.name;
    EXPECT_FALSE(key.meaning.empty()) << key.name;
    const std::string own(key.name.substr(key.name.rfind('.') + 1));
    EXPECT_THAT(text, HasSubstr("\n" + own + " = ")) << key.name;
  }
}

TEST(Config, TheDefaultsAreGood) {
  EXPECT_THAT(check_config(Config{}), IsEmpty());
}

TEST(Config, AnUnknownKeyIsToldWithItsLineAndTheNearest) {
  const std::string problem = read("\n[limits]\nlines = 3\n");
  EXPECT_THAT(problem, HasSubstr("line 3"));
  EXPECT_THAT(problem, HasSubstr("'limits.lines'; did you mean 'limits.line'?"));
  Config config;
  EXPECT_THAT(set_config("presence_limits=3", config), HasSubstr("'presence_limit'"));
}

TEST(Config, ValuesOfTheWrongKindAreTold) {
  Config config;
  EXPECT_THAT(read("[limits]\nline = \"many\"\n"), HasSubstr("line 2: limits.line: must be"));
  EXPECT_THAT(read("[limits]\nline = 1\n"), HasSubstr("at least 512"));
  EXPECT_THAT(read("client_ids = 1\n"), HasSubstr("true or false"));
  EXPECT_THAT(read("describe_timeout = \"soon\"\n"), HasSubstr("a duration such as"));
  EXPECT_THAT(read("describe_timeout = \"1000000000d\"\n"), HasSubstr("a duration such as"));
  EXPECT_THAT(read("broadcast = \"all\"\n"), HasSubstr("one of operators|peers"));
  EXPECT_THAT(read("motd = [1]\n"), HasSubstr("a list of texts"));
  EXPECT_THAT(read("server_name = 3\n"), HasSubstr("a text in quotes"));
  EXPECT_THAT(read("[limits]\ncost_rate = -1\n"), HasSubstr("a number from 0 on"));
  EXPECT_THAT(read("[[listen]]\nport = 3\n"), HasSubstr("address"));
  EXPECT_THAT(read_config("/", config), HasSubstr("is a folder"));
  EXPECT_THAT(read("this is no TOML"), HasSubstr("line 1"));
  EXPECT_THAT(set_config("limits.line", config), HasSubstr("KEY=VALUE"));
  EXPECT_THAT(set_config("limits.line=x y", config), HasSubstr("limits.line"));
}

TEST(Config, WhatOnlySeveralKeysShowIsTold) {
  const auto check = [](const std::string& setting) {
    Config config;
    EXPECT_THAT(set_config(setting, config), IsEmpty()) << setting;
    return check_config(config);
  };
  EXPECT_THAT(check("limits.frame=4096"), HasSubstr("limits.frame"));
  EXPECT_THAT(check("limits.line=300000"), HasSubstr("limits.line"));
  EXPECT_THAT(check("limits.content=70000"), HasSubstr("limits.content"));
  EXPECT_THAT(check("limits.frame=99999999"), HasSubstr("limits.frame"));
  EXPECT_THAT(check("limits.cost_burst=1"), HasSubstr("limits.cost_burst"));
  EXPECT_THAT(check("server_name=\x1b[1m"), HasSubstr("server_name"));
  EXPECT_THAT(check("motd=[\"two\\nlines\"]"), HasSubstr("motd"));
  EXPECT_THAT(check("limits.nick=33"), HasSubstr("limits.nick"));
  EXPECT_THAT(check("limits.channel=65"), HasSubstr("limits.channel"));
  EXPECT_THAT(check("store=redis://x"), HasSubstr("store"));
  EXPECT_THAT(check("operations=here"), HasSubstr("operations"));
  EXPECT_THAT(check("server_name=two words"), HasSubstr("server_name"));
  Config config;
  config.listen = {{"localhost:1", {}}};
  EXPECT_THAT(check_config(config), HasSubstr("localhost:1"));
}

TEST(Addresses, AreReadStrictly) {
  EXPECT_EQ(parse_address("127.0.0.1:3012").port, 3012);
  EXPECT_EQ(parse_address("[::1]:0").address, "::1");
  for (const char* wrong : {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "::1:3012",
                            "[127.0.0.1]:1", "host:1", "127.0.0.1:1x"}) {
    EXPECT_EQ(parse_address(wrong).address, "") << wrong;
  }
}

}  // namespace
}  // namespace signaller
