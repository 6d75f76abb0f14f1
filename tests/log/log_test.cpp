// Logs: levels, formats, files, and escaping of client input.
#include "log/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/logger.h>

#include <nlohmann/json.hpp>

#include "log/log_text.hpp"
#include "tests/app/temporary.hpp"

namespace signaller {
namespace {

using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;

/// Input that a client might try: a newline, terminal escapes in C0 and C1, DEL, invalid bytes, a
/// bidirectional override, and a line separator.
const std::string Hostile =
    "a\nb\r\x1b[2J\x07\x7f\xc2\x9b"
    "c\xff\xc3\xe2\x80\xae\xe2\x81\xa6\xe2\x80\xa8z";
const std::string Harmless = R"(a\x0ab\x0d\x1b[2J\x07\x7f\x9bc\xff\xc3\u{202e}\u{2066}\u{2028}z)";

LogOptions to_file(const Temporary& folder) {
  LogOptions options;
  options.console = false;
  options.out_dir = folder.path("logs");
  return options;
}

TEST(LogText, EscapesControlCharactersAndInvalidBytes) {
  EXPECT_EQ(printable(Hostile), Harmless);
  EXPECT_EQ(printable("Grüße, 直播间 🎉 \"quoted\" \\ #x"), "Grüße, 直播间 🎉 \"quoted\" \\ #x");
  EXPECT_EQ(in_quotes("a\"b\\c\n"), R"("a\"b\\c\x0a")");
  EXPECT_EQ(printable(std::string("\0", 1)), "\\x00");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // UTF-8 has no surrogates
}

TEST(LogText, EscapesEveryControlAndBidiCharacter) {
  const auto encoded = [](unsigned c) {
    std::string out;
    if (c < 0x80) return std::string(1, static_cast<char>(c));
    if (c < 0x800) {
      out += static_cast<char>(0xc0U | c >> 6U);
    } else {
      out += static_cast<char>(0xe0U | c >> 12U);
      out += static_cast<char>(0x80U | (c >> 6U & 0x3fU));
    }
    return out + static_cast<char>(0x80U | (c & 0x3fU));
  };
  for (unsigned c = 0; c < 0xa0; ++c) {
    if (c >= 0x20 && c < 0x7f) continue;
    EXPECT_THAT(printable(encoded(c)), MatchesRegex(R"(\\x[0-9a-f][0-9a-f])")) << c;
  }
  for (unsigned c = 0x202a; c <= 0x202e; ++c) EXPECT_EQ(printable(encoded(c)).front(), '\\') << c;
  for (unsigned c = 0x2066; c <= 0x2069; ++c) EXPECT_EQ(printable(encoded(c)).front(), '\\') << c;
}

TEST(LogText, TimesAreUtc) {
  EXPECT_EQ(time_text(1'700'000'000'123), "2023-11-14T22:13:20.123Z");
}

TEST(Log, TextLinesHaveTimeLevelComponentAndMessage) {
  const Temporary folder;
  {
    Log log(to_file(folder));
    log[Component::Net].warn("he said {}", Hostile);
    log[Component::Server].info("started");
  }
  const std::string time = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[.][0-9]{3}Z ";
  EXPECT_THAT(folder.lines("logs/signaller.log"),
              ElementsAre(AllOf(ContainsRegex(time + "warn  net: he said"), HasSubstr(Harmless)),
                          ContainsRegex(time + "info  server: started$")));
}

TEST(Log, JsonLinesHaveTheSameFields) {
  const Temporary folder;
  LogOptions options = to_file(folder);
  options.format = "json";
  options.out_file = "chat.json";
  {
    Log log(options);
    log[Component::Operator].error("he said \"{}\"", Hostile);
  }
  const auto lines = folder.lines("logs/chat.json");
  ASSERT_EQ(lines.size(), 1U);
  const auto json = nlohmann::json::parse(lines[0]);
  EXPECT_EQ(json["level"], "error");
  EXPECT_EQ(json["component"], "operator");
  EXPECT_EQ(json["message"], "he said \"" + Harmless + "\"");
  EXPECT_THAT(json["time"].get<std::string>(), MatchesRegex("[0-9T:.-]+Z"));
  EXPECT_EQ(json.size(), 4U);
}

TEST(Log, AComponentCanHaveItsOwnLevel) {
  const Temporary folder;
  LogOptions options = to_file(folder);
  options.level = "warn";
  options.levels = {"net=debug", "store=off"};
  {
    Log log(options);
    log[Component::Net].debug("seen");
    log[Component::Server].info("not seen");
    log[Component::Server].warn("seen too");
    log[Component::Store].error("never seen");
  }
  EXPECT_THAT(folder.lines("logs/signaller.log"),
              ElementsAre(HasSubstr("debug net: seen"), HasSubstr("warn  server: seen too")));
}

TEST(Log, InvalidLevelsAreRefused) {
  LogOptions options;
  EXPECT_THAT(check_log(options), IsEmpty());
  options.levels = {"nett=debug"};
  EXPECT_THAT(check_log(options), HasSubstr("'nett'; did you mean 'net'?"));
  options.levels = {"net"};
  EXPECT_THAT(check_log(options), HasSubstr("net=LEVEL, where LEVEL is debug"));
  options.levels = {"net=loud"};
  EXPECT_THAT(check_log(options), HasSubstr("net=LEVEL, where LEVEL is debug"));
}

TEST(Log, AFullFileIsRotatedAndOldOnesAreRemoved) {
  const Temporary folder;
  LogOptions options = to_file(folder);
  options.rotate_bytes = 4096;
  options.rotate_files = 2;
  {
    Log log(options);
    for (int i = 0; i < 400; ++i) log[Component::Server].info("{} {}", i, std::string(60, 'x'));
  }
  EXPECT_THAT(folder.read("logs/signaller.log"), HasSubstr("server: 399 "));
  EXPECT_LE(folder.read("logs/signaller.1.log").size(), 4096U);
  EXPECT_FALSE(folder.read("logs/signaller.2.log").empty());
  EXPECT_FALSE(std::filesystem::exists(folder.path("logs/signaller.3.log")));
}

TEST(Log, AMovedFileIsReopened) {
  const Temporary folder;
  LogOptions options = to_file(folder);
  {
    Log log(options);
    log[Component::Server].info("before");
    log[Component::Server].flush();
    std::filesystem::rename(folder.path("logs/signaller.log"), folder.path("old.log"));
    options.level = "error";
    log.apply(options);
    log[Component::Server].error("after");
    log[Component::Server].info("below");
  }
  EXPECT_THAT(folder.lines("logs/signaller.log").back(), HasSubstr("after"));
  EXPECT_THAT(folder.read("logs/signaller.log"), Not(HasSubstr("below")));
}

TEST(Log, AnUnwritableFileChangesNothing) {
  const Temporary folder;
  LogOptions options = to_file(folder);
  folder.write("file", "");
  {
    Log log(options);
    LogOptions wrong = options;
    wrong.out_dir = folder.path("file");
    EXPECT_THROW(log.apply(wrong), std::runtime_error);
    log[Component::Server].info("still here");
  }
  EXPECT_THAT(folder.read("logs/signaller.log"), HasSubstr("still here"));
}

TEST(Log, DroppedLinesAreCountedAndReported) {
  const Temporary folder;
  std::uint64_t written = 0;
  std::uint64_t dropped = 0;
  {
    Log log(to_file(folder));
    for (; log.dropped() == 0; ++written) log[Component::Server].info("{}", std::string(80, 'x'));
    dropped = log.dropped();
  }
  std::uint64_t lines = 0;
  std::uint64_t said = 0;
  for (const std::string& line : folder.lines("logs/signaller.log")) {
    const std::size_t at = line.find(" log lines were dropped");
    if (at == std::string::npos) {
      ++lines;
    } else {
      said += std::stoull(line.substr(line.rfind(' ', at - 1)));
    }
  }
  EXPECT_EQ(lines + dropped, written);
  EXPECT_EQ(said, dropped);
}

port::AuditRecord ban() {
  port::AuditRecord record;
  record.id = 7;
  record.unix_ms = 1'700'000'000'123;
  record.actor = "5f0c3e0000000000000000aa";
  record.operator_name = "root";
  record.verb = "ban";
  record.target = "ip:192.0.2.1";
  record.reason = Hostile;
  record.before = "";
  record.after = "until *";
  return record;
}

TEST(AuditLog, IsASeparateFileWithoutAccessForOthers) {
  const Temporary folder;
  LogOptions options = to_file(folder);
  options.audit_file = folder.path("audit.log");
  folder.write("audit.log", "");  // as if created by hand, readable by all
  {
    Log log(options);
    log.audit(ban());
  }
  EXPECT_EQ(folder.mode("audit.log"), 0600U);
  EXPECT_EQ(folder.read("logs/signaller.log"), "");
  const auto lines = folder.lines("audit.log");
  ASSERT_EQ(lines.size(), 1U);
  const auto json = nlohmann::json::parse(lines[0]);
  EXPECT_EQ(json["id"], 7);
  EXPECT_EQ(json["time"], "2023-11-14T22:13:20.123Z");
  EXPECT_EQ(json["actor"], "5f0c3e0000000000000000aa");
  EXPECT_EQ(json["operator"], "root");
  EXPECT_EQ(json["verb"], "ban");
  EXPECT_EQ(json["target"], "ip:192.0.2.1");
  EXPECT_EQ(json["reason"], Harmless);
  EXPECT_EQ(json["before"], "");
  EXPECT_EQ(json["after"], "until *");
}

TEST(AuditLog, GoesToTheLogWithoutAFile) {
  const Temporary folder;
  {
    Log log(to_file(folder));
    log.audit(ban());
  }
  const std::string text = folder.read("logs/signaller.log");
  EXPECT_THAT(text, HasSubstr("info  audit: 7 ban by \"5f0c3e0000000000000000aa\" as operator "
                              "\"root\" on \"ip:192.0.2.1\" reason \"a\\x0ab"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(AuditLog, LosesNothingWhenItsFileIsRemovedFromTheConfiguration) {
  const Temporary folder;
  LogOptions apart = to_file(folder);
  apart.audit_file = folder.path("audit.log");
  constexpr std::size_t Entries = 200;
  {
    Log log(apart);
    for (std::size_t i = 0; i < Entries; ++i) log.audit(ban());
    log.apply(to_file(folder));
    for (std::size_t i = 0; i < Entries; ++i) log.audit(ban());
    log.apply(apart);
  }
  const auto in_log = folder.lines("logs/signaller.log");
  EXPECT_EQ(folder.lines("audit.log").size() + in_log.size(), 2 * Entries);
  EXPECT_EQ(folder.lines("audit.log").size(), Entries);
}

}  // namespace
}  // namespace signaller
