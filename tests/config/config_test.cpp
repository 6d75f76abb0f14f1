// A printed value reads back as the same value, and errors name the key and the line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include <set>

#include "app/password_verifier.hpp"
#include "config/config.hpp"
#include "tests/app/temporary.hpp"

namespace signaller {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

ConfigError read(const std::string& text, Config& config) {
  const Temporary folder;
  return read_config(folder.write("server.conf", text), config);
}
ConfigError read(const std::string& text) {
  Config config;
  return read(text, config);
}

TEST(Config, PrintedConfigReadsBackTheSame) {
  Config config;
  EXPECT_THAT(set_config("limits.line=1234", config), IsEmpty());
  EXPECT_THAT(set_config("motd=[\"one\", \"two \\\"quoted\\\"\"]", config), IsEmpty());
  EXPECT_THAT(set_config("describe_timeout=1500ms", config), IsEmpty());
  EXPECT_THAT(set_config("broadcast=peers", config), IsEmpty());
  EXPECT_THAT(set_config("secret_key_file=/a \"b\"/c", config), IsEmpty());
  EXPECT_THAT(set_config("log.levels=[\"net=debug\"]", config), IsEmpty());
  config.listen = {{"[::1]:99", {{"/chat", "slash"}}}};
  config.slash.operators = {{"root", "$argon2id$x", {"::1", "192.0.2.0/24"}}};
  Config again;
  ASSERT_THAT(read(print_config(config), again), IsEmpty());
  EXPECT_EQ(print_config(again), print_config(config));
  EXPECT_EQ(again.slash.limits.line, 1234U);
  EXPECT_EQ(again.slash.describe_timeout_ms, 1500);
  EXPECT_EQ(again.listen.at(0).paths.at(0).path, "/chat");
  EXPECT_EQ(again.slash.operators.at(0).from.at(1), "192.0.2.0/24");
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

TEST(Config, DefaultsAreValid) {
  EXPECT_THAT(check_config(Config{}), IsEmpty());
}

TEST(Config, UnknownKeyIsReportedWithLineAndNearestKey) {
  const std::string problem = read("\n[limits]\nlines = 3\n");
  EXPECT_THAT(problem, HasSubstr("line 3"));
  EXPECT_THAT(problem, HasSubstr("'limits.lines'; did you mean 'limits.line'?"));
  Config config;
  EXPECT_THAT(set_config("presence_limits=3", config), HasSubstr("'presence_limit'"));
}

TEST(Config, ValuesOfTheWrongTypeAreReported) {
  Config config;
  EXPECT_THAT(read("[limits]\nline = \"many\"\n"), HasSubstr("line 2: limits.line: must be"));
  EXPECT_THAT(read("[limits]\nline = 1\n"), HasSubstr("at least 512"));
  EXPECT_THAT(read("client_ids = 1\n"), HasSubstr("true or false"));
  EXPECT_THAT(read("describe_timeout = \"soon\"\n"), HasSubstr("a duration such as"));
  EXPECT_THAT(read("describe_timeout = \"1000000000d\"\n"), HasSubstr("a duration such as"));
  EXPECT_THAT(read("broadcast = \"all\"\n"), HasSubstr("one of operators|peers"));
  EXPECT_THAT(read("motd = [1]\n"), HasSubstr("a list of quoted strings"));
  EXPECT_THAT(read("server_name = 3\n"), HasSubstr("a quoted string"));
  EXPECT_THAT(read("[limits]\ncost_rate = -1\n"), HasSubstr("a number, 0 or larger"));
  EXPECT_THAT(read("[[listen]]\nport = 3\n"), HasSubstr("address"));
  EXPECT_THAT(read_config("/", config), HasSubstr("is a directory"));
  EXPECT_THAT(read("this is no TOML"), HasSubstr("line 1"));
  EXPECT_THAT(set_config("limits.line", config), HasSubstr("KEY=VALUE"));
  EXPECT_THAT(set_config("limits.line=x y", config), HasSubstr("limits.line"));
}

TEST(Config, ASettingThatIsNoTomlIsAnsweredWithTheRightForm) {
  Config config;
  EXPECT_EQ(set_config("limits.line=abc", config),
            "limits.line: must be a whole number of at least 512");
  EXPECT_EQ(set_config("limits.cost_rate=abc", config),
            "limits.cost_rate: must be a number, 0 or larger");
  EXPECT_EQ(set_config("client_ids=yes", config), "client_ids: must be true or false");
  EXPECT_EQ(set_config("motd=hello", config),
            "motd: must be a list of quoted strings, as in [\"one\", \"two\"]");
  EXPECT_THAT(set_config("server_name=\"open", config), HasSubstr("server_name: "));
}

/// On these texts, an assertion in toml++ 3.3 fails.
TEST(Config, TextThatBreaksTheParserIsReportedWithItsLine) {
  const std::string before = "# \xc3\xa9\nmotd = [\n]\n";
  for (const char* broken : {"[&", "[[=", "[[[a]]]"}) {
    EXPECT_THAT(read(before + broken + "\n"), HasSubstr("line 4: ")) << broken;
  }
  for (const char* odd : {"\xcb\xbf", "store = \xc2\xa0\"memory\"", "sto\x01re = 1", "[\v"}) {
    EXPECT_THAT(read(before + odd), HasSubstr("line 4: there is a character here")) << odd;
  }
  Config config;
  EXPECT_THAT(set_config("limits.line=\xcb\xbf", config),
              HasSubstr("limits.line: there is a character here"));
}

TEST(Config, SetValuesReadBackAfterPrinting) {
  Config config;
  EXPECT_THAT(set_config("server_name=\xc9", config), HasSubstr("server_name: must be UTF-8"));
  EXPECT_THAT(set_config("password=a\x01\x7f\"\\\xc3\xa9", config), IsEmpty());
  Config again;
  EXPECT_THAT(read(print_config(config), again), IsEmpty());
  EXPECT_EQ(again.slash.password, config.slash.password);
}

TEST(Config, TextsAndCommentsMayContainAnyCharacter) {
  for (const char* text : {R"(motd = ["é \" é", 'é'] # é)", R"(motd = ["'", "é"])",
                           "motd = ['''\\é''', \"é\"]", R"(motd = ["""\""" é"""])"}) {
    EXPECT_THAT(read(text), IsEmpty()) << text;
    EXPECT_THAT(read(std::string("\xef\xbb\xbf") + text), IsEmpty()) << text;
  }
}

TEST(Config, ConflictsBetweenKeysAreReported) {
  const auto check = [](const std::string& setting) {
    Config config;
    EXPECT_THAT(set_config(setting, config), IsEmpty()) << setting;
    return check_config(config);
  };
  EXPECT_THAT(check("oper.burst=0"), HasSubstr("oper.burst"));
  EXPECT_THAT(check("resume=11m"), HasSubstr("resume_most"));
  EXPECT_THAT(check("limits.persistent=1"), HasSubstr("limits.persistent_each"));
  EXPECT_THAT(check("limits.inbox_all_bytes=65536"), HasSubstr("limits.inbox_bytes"));
  EXPECT_THAT(check("history.all_bytes=1"), HasSubstr("history.bytes"));
  EXPECT_THAT(check("log.levels=[\"x=debug\"]"), HasSubstr("log.levels"));
  EXPECT_THAT(check("log.rotate_files=5000"), HasSubstr("log.rotate_files"));
  EXPECT_THAT(check("server.host=here"), HasSubstr("server.host"));
  EXPECT_THAT(check("secret_key_file="), HasSubstr("secret_key_file"));
  EXPECT_THAT(check("limits.frame=4096"), HasSubstr("limits.frame"));
  EXPECT_THAT(check("limits.line=300000"), HasSubstr("limits.line"));
  EXPECT_THAT(check("limits.content=70000"), HasSubstr("limits.content"));
  EXPECT_THAT(check("limits.frame=99999999"), HasSubstr("limits.frame"));
  EXPECT_THAT(check("limits.cost_burst=1"), HasSubstr("limits.cost_burst"));
  EXPECT_THAT(check("server_name=\x1b[1m"), HasSubstr("server_name"));
  EXPECT_THAT(check("motd=[\"two\\nlines\"]"), HasSubstr("motd"));
  EXPECT_THAT(check("limits.nick=33"), HasSubstr("limits.nick"));
  EXPECT_THAT(check("limits.channel=65"), HasSubstr("limits.channel"));
  EXPECT_THAT(check("store=mysql://x"), HasSubstr("store: "));
  EXPECT_THAT(check("store=redis://x/first"), HasSubstr("store: "));
  EXPECT_THAT(check("store=redis://:secret@x:0"),
              AllOf(HasSubstr("store: "), Not(HasSubstr("secret"))));
  EXPECT_THAT(check("store=redis://x"), IsEmpty());
  EXPECT_THAT(check("store_prefix="), HasSubstr("store_prefix"));
  EXPECT_THAT(check("lease_ttl=900ms"), HasSubstr("lease_ttl"));
  EXPECT_THAT(check("lease_ttl=11m"), HasSubstr("lease_ttl"));
  EXPECT_THAT(check("store_timeout=50ms"), HasSubstr("store_timeout"));
  EXPECT_THAT(check("store_timeout=11s"), HasSubstr("lease_ttl"));
  EXPECT_THAT(check("ack_timeout=50ms"), HasSubstr("ack_timeout"));
  EXPECT_THAT(check("operations=here"), HasSubstr("operations"));
  EXPECT_THAT(check("server_name=two words"), HasSubstr("server_name"));
  Config config;
  config.listen = {{"localhost:1", {}}};
  EXPECT_THAT(check_config(config), HasSubstr("localhost:1"));
}

TEST(Config, HalfATlsPairIsReported) {
  for (const char* setting : {"tls.certificate=cert.pem", "tls.key=key.pem"}) {
    Config config;
    EXPECT_THAT(set_config(setting, config), IsEmpty());
    EXPECT_THAT(check_config(config), HasSubstr("tls.certificate, tls.key: one is set")) << setting;
  }
}

TEST(Config, MalformedPathsAreReported) {
  Config config;
  for (const char* path : {"/a{b}", "/{a}/b", "/{}"}) {
    config.listen = {{"127.0.0.1:1", {{path, "slash"}}}};
    EXPECT_EQ(check_config(config), "listen: path " + std::string(path) +
                                        ": must have the form /a/path, /a/{name} or /a/{name...}");
  }
}

TEST(Config, ABodyMustFitIntoWhatRequestsMayHold) {
  Config config;
  config.net.shards = 4;
  config.net.request_bytes = 4 * 9'216;
  EXPECT_THAT(check_config(config), IsEmpty());
  config.net.body_bytes = 1'025;
  EXPECT_EQ(
      check_config(config),
      "net.body_bytes (1025) and net.head_bytes (8192) together must not be larger than the part "
      "of net.request_bytes (36864) that each of 4 shards has: 9216");
}

TEST(Config, ReferenceDescribesEachKey) {
  const std::string text = print_reference();
  for (const Key& key : config_keys()) {
    EXPECT_THAT(text, HasSubstr("* - ``" + std::string(key.name) + "``\n")) << key.name;
    EXPECT_THAT(text, HasSubstr("``" + environment_name(key) + "``; ")) << key.name;
  }
  EXPECT_THAT(text, HasSubstr("``SIGNALLER_NET__SHARDS``; after a restart"));
  EXPECT_THAT(text, HasSubstr("``SIGNALLER_LIMITS__LINE``; on reload"));
}

TEST(Config, RelativePathsAreRelativeToTheFile) {
  const Temporary folder;
  Config config;
  ASSERT_THAT(read_config(folder.write("server.conf",
                                       "operators_file = \"ops.toml\"\n"
                                       "password_file = \"/run/secret\"\n"
                                       "[log]\nout_file = \"chat.log\"\n"),
                          config),
              IsEmpty());
  EXPECT_EQ(config.operators_file, folder.path("ops.toml"));
  EXPECT_EQ(config.password_file, "/run/secret");
  EXPECT_EQ(config.secret_key_file, folder.path("signaller.key"));
  EXPECT_EQ(std::filesystem::path(config.log.out_dir) / "", folder.path(""));
  EXPECT_EQ(Config().secret_key_file, "signaller.key");
}

class Operators : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_GE(sodium_init(), 0); }
  static std::string check(commands::OperatorOptions one) {
    return check_operators({std::move(one)});
  }
  const std::string hash_ = hash_password("secret");
};

TEST_F(Operators, AreReadFromTables) {
  Config config;
  ASSERT_THAT(read("[[operator]]\nname = \"root\"\nhash = \"" + hash_ +
                       "\"\n[[operator]]\nname = \"ann\"\nhash = \"" + hash_ +
                       "\"\nfrom = [\"127.0.0.1\", \"2001:db8::/32\"]\n",
                   config),
              IsEmpty());
  EXPECT_THAT(check_config(config), IsEmpty());
  ASSERT_EQ(config.slash.operators.size(), 2U);
  EXPECT_EQ(config.slash.operators[1].name, "ann");
  EXPECT_EQ(config.slash.operators[1].from.size(), 2U);
  EXPECT_THAT(read("[[operator]]\npassword = \"x\"\n"), HasSubstr("'password'"));
  EXPECT_THAT(read("[[operator]]\nfrom = [1]\n"), HasSubstr("'from'"));
  EXPECT_THAT(read("operator = 3\n"), HasSubstr("line 1: operator"));
}

TEST_F(Operators, AreChecked) {
  EXPECT_THAT(check({"root", hash_, {"192.0.2.0/24", "::1"}}), IsEmpty());
  EXPECT_THAT(check({"two words", hash_, {}}), HasSubstr("one word"));
  EXPECT_THAT(check({"", hash_, {}}), HasSubstr("one word"));
  EXPECT_THAT(check({"root", "secret", {}}), HasSubstr("hash-password"));
  EXPECT_THAT(check({"root", hash_.substr(0, 40), {}}), HasSubstr("hash-password"));
  EXPECT_THAT(check({"root", "$argon2id$v=19$m=99999999,t=2,p=1$c2FsdHNhbHQ$aGFzaA", {}}),
              HasSubstr("hash-password"));
  EXPECT_THAT(check({"root", hash_, {"192.0.2.0/33"}}), HasSubstr("'192.0.2.0/33'"));
  EXPECT_THAT(check({"root", hash_, {"home"}}), HasSubstr("'home'"));
  EXPECT_THAT(check_operators({{"root", hash_, {}}, {"root", hash_, {}}}),
              HasSubstr("defined twice"));
}

TEST(Addresses, AreParsedStrictly) {
  EXPECT_EQ(parse_address("127.0.0.1:3012").port, 3012);
  EXPECT_EQ(parse_address("[::1]:0").address, "::1");
  for (const char* wrong : {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "::1:3012",
                            "[127.0.0.1]:1", "host:1", "127.0.0.1:1x"}) {
    EXPECT_EQ(parse_address(wrong).address, "") << wrong;
  }
}

}  // namespace
}  // namespace signaller
