// Output of `inspect` and `gc`: aligned, bounded, and safe for a terminal whatever is stored.
#include "cli/store_reports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/text_table.hpp"
#include "log/log_text.hpp"

namespace signaller {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

/// Returns escape sequences, C1 controls, bidirectional controls, invalid bytes, NUL, and a fake
/// line.
std::string hostile() {
  using namespace std::string_literals;
  return "\x1b]0;x\x07\x1b[2J\r\nstore  faked\x7f\xc2\x9b\xe2\x80\xae\xff\0\""s;
}

/// Expects visible UTF-8 without control characters except line ends.
void expect_harmless(const std::string& text) {
  std::string flat = text;
  flat.erase(std::remove(flat.begin(), flat.end(), '\n'), flat.end());
  EXPECT_EQ(printable(flat), flat);
  EXPECT_THAT(text, Not(HasSubstr("\nstore  faked")));
}

persist::Inspection inspection(const std::string& text) {
  persist::Inspection found;
  found.redis_version = text;
  found.warnings = {text};
  found.schema = text;
  found.fingerprint = text;
  found.filled = text;
  found.lease = persist::LeaseStatus{text, persist::LeaseHolder{text, text, 7, 8, text}};
  found.faults = {text};
  port::PeerRecord peer;
  peer.id = peer.nick = text;
  peer.here = true;
  peer.seen_ms = 1'700'000'000'000;
  found.snapshot.peers = {peer};
  port::ChannelRecord channel;
  channel.name = channel.topic = channel.epoch = text;
  found.snapshot.channels = {channel};
  return found;
}

persist::GcResult collected(const std::string& text) {
  persist::GcResult done;
  done.plan.removals = {{persist::GarbageKind::Member, text, text, {}},
                        {persist::GarbageKind::Log, text, {}, {}}};
  done.plan.unreadable = {{persist::GarbageKind::Corrupt, text, text, {}}};
  done.plan.unknown = {text, text};
  done.lease = persist::LeaseStatus{text, {}};
  return done;
}

InspectReport report_of(const persist::Inspection& found, std::size_t most = 20) {
  return {"redis://localhost:6379/0", "signaller:", &found, most, most};
}

TEST(StoreReports, StoredControlCharactersNeverReachTheTerminal) {
  const persist::Inspection found = inspection(hostile());
  expect_harmless(inspect_text(report_of(found)));
  expect_harmless(inspect_json(report_of(found)));
  persist::Inspection no_form = found;
  no_form.lease->holder.reset();
  expect_harmless(inspect_text(report_of(no_form)));
  expect_harmless(inspect_json(report_of(no_form)));
  const persist::GcResult done = collected(hostile());
  const GcReport report{"redis://localhost:6379/0", hostile(), &done, false, 20};
  expect_harmless(gc_text(report));
  expect_harmless(gc_json(report));
}

TEST(StoreReports, JsonReadsBack) {
  persist::Inspection found = inspection("Änn \xf0\x9f\x98\x80");
  found.lease.reset();
  auto json = nlohmann::json::parse(inspect_json(report_of(found)));
  EXPECT_EQ(json["ghosts"][0]["nick"], "Änn \xf0\x9f\x98\x80");
  EXPECT_EQ(json["largest_channels"][0]["topic_bytes"], found.schema->size());
  EXPECT_EQ(json["peers"]["here"], 1);
  EXPECT_TRUE(json["lease"].is_null());
  EXPECT_TRUE(json["error"].is_null());
  found.problem = "why";
  json = nlohmann::json::parse(inspect_json(report_of(found)));
  EXPECT_EQ(json["error"], "why");
  EXPECT_FALSE(json.contains("peers")) << "unread parts are omitted";
  const persist::GcResult done = collected("k");
  json = nlohmann::json::parse(gc_json({"s", "p", &done, true, 1}));
  EXPECT_EQ(json["found"], 2);
  EXPECT_EQ(json["removed"], 0);
  EXPECT_EQ(json["counts"]["members"], 1);
  EXPECT_EQ(json["counts"]["logs"], 1);
  EXPECT_EQ(json["removals"].size(), 1U) << "bounded";
  EXPECT_EQ(json["removals"][0]["part"], "k");
  EXPECT_EQ(json["unknown"]["total"], 2);
  EXPECT_EQ(json["unknown"]["keys"].size(), 1U);
  EXPECT_EQ(json["unreadable"]["total"], 1);
}

TEST(StoreReports, ListsAreBounded) {
  persist::Inspection found;
  for (int i = 0; i < 30; ++i) {
    port::ChannelRecord channel;
    channel.name = "#c" + std::to_string(100 + i);
    found.snapshot.channels.push_back(channel);
  }
  const std::string text = inspect_text(report_of(found, 3));
  EXPECT_THAT(text, AllOf(HasSubstr("#c102"), Not(HasSubstr("#c103")), HasSubstr("and 27 more")));
  EXPECT_THAT(inspect_text(report_of(found, 0)), Not(HasSubstr("#c1")));
}

TEST(StoreReports, ReportsHowTheLastServerEnded) {
  persist::Inspection found;
  EXPECT_THAT(inspect_text(report_of(found)), HasSubstr("by no server yet"));
  found.schema = "1";
  EXPECT_THAT(inspect_text(report_of(found)), HasSubstr("gc has run since"));
  found.filled = "b00t";
  EXPECT_THAT(inspect_text(report_of(found)), HasSubstr("not sealed: it crashed"));
  found.sealed = true;
  EXPECT_THAT(inspect_text(report_of(found)), HasSubstr("it shut down cleanly"));
  found.sealed = false;
  found.lease = persist::LeaseStatus{"t", {}, persist::HolderState::Alive, 1'500};
  EXPECT_THAT(inspect_text(report_of(found)),
              AllOf(HasSubstr("it is running"), HasSubstr("1.5 s left")));
}

TEST(TextTable, AlignsMultiByteCharacters) {
  TextTable table({{"name", TextTable::Align::Left}, {"n"}, {"end", TextTable::Align::Left}});
  table.row({"Ä", "1", "x"});
  table.row({"bob", "1,000", "y"});
  EXPECT_EQ(table.text(),
            "name      n  end\n"
            "Ä         1  x\n"
            "bob   1,000  y\n");
}

TEST(TextTable, FormatsCells) {
  EXPECT_EQ(cell(""), "-");
  EXPECT_EQ(cell("a\tb"), "a\\x09b");
  EXPECT_THAT(cell(std::string(1'000, 'a')), MatchesRegex("a{60}…"));
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(123'456'789), "123,456,789");
  EXPECT_EQ(size_text(1'023), "1023 bytes");
  EXPECT_EQ(size_text(1'536), "1.5 KiB");
  EXPECT_THAT(size_text(std::size_t{3} << 40U), StartsWith("3.0 TiB"));
}

}  // namespace
}  // namespace signaller
