// Precedence of the sources, separate files, and the keys that a reload may change.
#include "config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include <array>
#include <sstream>

#include "app/password_verifier.hpp"
#include "cli/hash_password.hpp"
#include "port/overloaded.hpp"
#include "tests/app/temporary.hpp"

namespace signaller {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::ThrowsMessage;

class LoadTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_GE(sodium_init(), 0); }

  ConfigSources with(const std::string& file) const {
    ConfigSources sources;
    sources.file = folder_.write("server.conf", file);
    return sources;
  }
  static std::string problem(const ConfigSources& sources) {
    try {
      load_config(sources);
      return {};
    } catch (const std::runtime_error& error) {
      return error.what();
    }
  }
  Temporary folder_;
};

TEST_F(LoadTest, FlagsOverrideEnvironmentOverridesFile) {
  ConfigSources sources = with("[limits]\nline = 1000\nname = 10\nnick = 10\n");
  sources.environment = {{"SIGNALLER_LIMITS__NAME", "20"}, {"SIGNALLER_LIMITS__NICK", "20"}};
  sources.settings = {"limits.nick=30"};
  sources.settings.emplace_back("limits.content=1000");
  const Config config = load_config(sources).config;
  EXPECT_EQ(config.slash.limits.line, 1000U);
  EXPECT_EQ(config.slash.limits.name, 20U);
  EXPECT_EQ(config.slash.limits.nick, 30U);
}

TEST_F(LoadTest, EveryKeyHasAVariableThatAcceptsItsDefault) {
  for (const Key& key : config_keys()) {
    ConfigSources sources = with("");
    sources.environment = {{environment_name(key), print_value(key, Config())}};
    if (key.name == "secret_key_file") continue;  // this path is relative to the file
    EXPECT_EQ(print_value(key, load_config(sources).config), print_value(key, Config()))
        << key.name;
  }
}

TEST_F(LoadTest, ValuesOfVariablesAreBareOrToml) {
  ConfigSources sources = with("");
  sources.environment = {{"SIGNALLER_SERVER_NAME", "chat.example"},
                         {"SIGNALLER_RESUME", "2m"},
                         {"SIGNALLER_MOTD", R"(["one", "two"])"},
                         {"SIGNALLER_SERVER__HOST", "127.0.0.1:9091"}};
  const Config config = load_config(sources).config;
  EXPECT_EQ(config.slash.server_name, "chat.example");
  EXPECT_EQ(config.slash.resume_ms, 120'000);
  EXPECT_THAT(config.slash.motd, ElementsAre("one", "two"));
  EXPECT_EQ(config.host, "127.0.0.1:9091");
}

TEST_F(LoadTest, UnknownOrInvalidVariableIsAnError) {
  ConfigSources sources = with("");
  sources.environment = {{"SIGNALLER_LIMIT__LINE", "1"}};
  EXPECT_THAT(problem(sources), AllOf(HasSubstr("'SIGNALLER_LIMIT__LINE'"),
                                      HasSubstr("did you mean 'SIGNALLER_LIMITS__LINE'?")));
  sources.environment = {{"SIGNALLER_LIMITS__LINE", "many"}};
  EXPECT_THAT(problem(sources), HasSubstr("SIGNALLER_LIMITS__LINE: limits.line"));
}

TEST(Environment, NoKeyIsTakenForAForeignVariable) {
  for (const Key& key : config_keys()) {
    std::string entry = environment_name(key) + "=x";
    std::array<char*, 2> all{entry.data(), nullptr};
    EXPECT_EQ(signaller_variables(all.data()).size(), 1U) << key.name;
  }
}

TEST(Environment, ForeignVariablesAreIgnored) {
  std::vector<std::string> texts{"PATH=/bin", "SIGNALLER_STORE=a=b", "SIGNALLER_BINARY=/x"};
  // Kubernetes sets these variables for the services `signaller` and `signaller-redis`.
  for (const std::string service : {"SIGNALLER", "SIGNALLER_REDIS"}) {
    for (const char* end :
         {"_SERVICE_HOST=10.0.0.1", "_SERVICE_PORT=3012", "_SERVICE_PORT_HTTP=3012",
          "_PORT=tcp://10.0.0.1:3012", "_PORT=udp://10.0.0.1:3012",
          "_PORT_3012_TCP=tcp://10.0.0.1:3012", "_PORT_3012_TCP_ADDR=10.0.0.1",
          "_PORT_3012_TCP_PORT=3012", "_PORT_3012_TCP_PROTO=tcp", "_PORT_53_UDP_ADDR=10.0.0.1"}) {
      texts.push_back(service + end);
    }
  }
  // Similar names are not ignored, so a misspelt key is reported.
  const std::vector<std::string> misspelt{"SIGNALLER_PORT=3012",     "SIGNALLER_PORT_TCP=1",
                                          "SIGNALLER_PORT_x_TCP=1",  "SIGNALLER_SERVICE_NAME=x",
                                          "SIGNALLER_PORT_1_SCTP=1", "SIGNALLER_PORTS=1"};
  texts.insert(texts.end(), misspelt.begin(), misspelt.end());
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  const auto found = signaller_variables(all.data());
  ASSERT_EQ(found.size(), 1 + misspelt.size());
  EXPECT_THAT(found[0], Pair("SIGNALLER_STORE", "a=b"));
  for (std::size_t i = 0; i < misspelt.size(); ++i) {
    EXPECT_EQ(found[i + 1].first + "=" + found[i + 1].second, misspelt[i]);
  }
}

TEST_F(LoadTest, ServerHostIsOneMoreListener) {
  Config config = load_config(with("[server]\nhost = \"127.0.0.1:9091\"\n")).config;
  EXPECT_THAT(config.listen, IsEmpty());
  EXPECT_EQ(config.host, "127.0.0.1:9091");
  config =
      load_config(with("[server]\nhost = \"127.0.0.1:9091\"\n"
                       "[[listen]]\naddress = \"127.0.0.1:1\"\n"
                       "[[listen]]\naddress = \"127.0.0.1:2\"\npaths = { \"/c\" = \"slash\" }\n"))
          .config;
  EXPECT_EQ(config.listen.size(), 2U);
  ConfigSources sources = with("[server]\nhost = \"127.0.0.1:9091\"\n");
  sources.listen = {"127.0.0.1:3"};
  config = load_config(sources).config;
  EXPECT_EQ(config.host, "");
  ASSERT_EQ(config.listen.size(), 1U);
  EXPECT_EQ(config.listen[0].address, "127.0.0.1:3");
}

TEST_F(LoadTest, PasswordMayBeInAFile) {
  folder_.write("password", "s3cret\r\nsecond line\n");
  const ConfigSources sources = with("password_file = \"password\"\n");
  const LoadedConfig loaded = load_config(sources);
  EXPECT_EQ(loaded.secrets.password, "s3cret");
  folder_.write("password", "\xef\xbb\xbfs3cret\n");
  EXPECT_EQ(load_config(sources).secrets.password, "s3cret") << "a byte order mark";
  EXPECT_THAT(print_config(loaded.config), Not(HasSubstr("s3cret")));
  EXPECT_THAT(problem(with("password = \"a\"\npassword_file = \"password\"\n")),
              HasSubstr("only one"));
  EXPECT_THAT(problem(with("password_file = \"none\"\n")), HasSubstr(folder_.path("none")));
  folder_.write("password", "\n");
  EXPECT_THAT(problem(sources), HasSubstr("empty"));
}

TEST_F(LoadTest, OperatorsMayBeInAFile) {
  const std::string hash = hash_password("x");
  const auto table = [&](const std::string& name) {
    return "[[operator]]\nname = \"" + name + "\"\nhash = \"" + hash + "\"\n";
  };
  folder_.write("ops.toml", "# made by hand\n" + table("ann") + table("bob"));
  const std::string file = "operators_file = \"ops.toml\"\n" + table("root");
  EXPECT_EQ(load_config(with(file)).secrets.operators.size(), 3U);
  folder_.write("ops.toml", table("root"));
  EXPECT_THAT(problem(with(file)), HasSubstr("'root' is defined twice"));
  folder_.write("ops.toml", "[[operators]]\nname = \"x\"\n");
  EXPECT_THAT(problem(with(file)), HasSubstr("only [[operator]] tables are allowed here"));
  folder_.write("ops.toml", "\n[[operator]]\nkey = 1\n");
  EXPECT_THAT(problem(with(file)), AllOf(HasSubstr("ops.toml: line"), HasSubstr("'key'")));
  EXPECT_THAT(problem(with("operators_file = \"none\"\n")), HasSubstr(folder_.path("none")));
}

TEST_F(LoadTest, KeysThatNeedARestartKeepTheirValuesAndAreReported) {
  const Config running;
  Config fresh;
  for (const char* setting : {"limits.line=1234", "net.shards=7", "server_name=other"}) {
    ASSERT_THAT(set_config(setting, fresh), IsEmpty());
  }
  fresh.listen = {{"127.0.0.1:1", {}}};
  const auto stats = keep_fixed(running, fresh);
  std::vector<std::string> told;
  for (const port::Stat& stat : stats)
    told.push_back(stat.what + " " + stat.name + " " + stat.value);
  EXPECT_THAT(told, ElementsAre("server_name restart stays \"signaller\" until a restart",
                                "net.shards restart stays 0 until a restart",
                                "listen restart stays 127.0.0.1:3012 until a restart"));
  EXPECT_EQ(fresh.slash.limits.line, 1234U);
  EXPECT_EQ(fresh.net.shards, 0U);
  EXPECT_EQ(fresh.slash.server_name, "signaller");
  EXPECT_EQ(fresh.listen[0].address, "127.0.0.1:3012");
  EXPECT_THAT(keep_fixed(running, fresh), IsEmpty());
}

/// Gives one key another value than its default.
void change(const Key& key, Config& config) {
  std::visit(port::Overloaded{
                 [&](const SizeAt& place) { ++place.at(config); },
                 [&](const RealAt& place) { ++place.at(config); },
                 [&](const FlagAt& place) { place.at(config) = !place.at(config); },
                 [&](const LinesAt& place) { place.at(config).emplace_back("x"); },
                 [&](const DurationAt& place) { place.set(config, place.get(config) + 1'000); },
                 [&](const ChoiceAt& place) {
                   const std::string_view words = place.words;
                   const std::string_view first = words.substr(0, words.find('|'));
                   const bool is_first = place.get(config) == first;
                   place.set(config, is_first ? words.substr(words.rfind('|') + 1) : first);
                 },
                 [&](const auto& place) { place.at(config) += "x"; },
             },
             key.value);
}

// A reload applies the options of the protocols, net::Tuning, the certificate's files, the options
// of the log and the secrets. A key whose value lies anywhere else must be marked as OnRestart;
// otherwise a reload would silently ignore its change.
TEST(FixedKeys, AreAllKeysThatNoReloadHandsOn) {
  for (const Key& key : config_keys()) {
    Config config;
    change(key, config);
    const std::string changed = print_value(key, config);
    ASSERT_NE(changed, print_value(key, Config())) << key.name;
    if (key.applies == Applies::OnRestart) continue;
    config.slash = {};
    static_cast<net::Tuning&>(config.net) = {};
    config.net.tls = {};
    config.log = {};
    config.password_file.clear();
    config.operators_file.clear();
    EXPECT_EQ(print_value(key, config), print_value(key, Config()))
        << key.name << " needs fixed() in key_table.cpp, or a reload that hands it on";
  }
}

TEST(HashPassword, ReadsOneLineUnchanged) {
  std::istringstream in(" pass word \r\nnext");
  EXPECT_EQ(read_password(in), " pass word ");
  std::istringstream empty("\n");
  EXPECT_THAT([&] { read_password(empty); },
              ThrowsMessage<std::runtime_error>(HasSubstr("no password")));
  std::istringstream none("");
  EXPECT_THROW(read_password(none), std::runtime_error);
  std::istringstream huge(std::string(2000, 'x'));
  EXPECT_THAT([&] { read_password(huge); }, ThrowsMessage<std::runtime_error>(HasSubstr("1024")));
}

}  // namespace
}  // namespace signaller
