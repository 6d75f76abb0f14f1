// The services of the runner's edge: password verifier, reload, statistics, audit log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/transcript/player.hpp"
#include "tests/transcript/record_lines.hpp"
#include "tests/transcript/script.hpp"

namespace signaller::transcript {
namespace {

using testing::HasSubstr;

/// A protocol that sends the query that a line names to the edge, and sends back the answer.
class Asker final : public port::Protocol {
 public:
  [[nodiscard]] std::vector<port::Endpoint> endpoints() const override { return {}; }
  [[nodiscard]] std::size_t first_frame_limit() const override { return 200; }

  port::Effects on_open(const port::Opened& opened, port::Instant) override {
    last_ = opened.connection;
    return say(opened.connection, "from " + opened.address);
  }
  port::Effects on_text(port::ConnectionId from, std::string_view text, port::Instant) override {
    last_ = from;
    if (text == "pw" || text == "other") {
      return port::Effect(port::Verify{1, "pw", std::string(text)});
    }
    if (text == "reload") return port::Effect(port::Query{2, port::QueryKind::Reload});
    if (text == "count") return port::Effect(port::Query{3, port::QueryKind::Statistics});
    if (text == "audit") return audit();
    if (text == "hold") return port::Effect(port::Hold{from});
    if (text == "end") return port::Effect(port::Close{from, 3505, ""});
    if (text.substr(0, 6) == "/descp") return welcome(from, std::string(text));
    return say(from, "heard " + std::string(text));
  }
  port::Effects on_close(const port::Closed& closed, port::Instant) override {
    return say(last_, "gone " + std::to_string(closed.code));
  }
  port::Effects on_verified(port::Verified verified, port::Instant) override {
    auto effects = say(last_, verified.busy ? "busy" : verified.ok ? "right" : "wrong");
    effects.add(port::Release{last_});
    return effects;
  }
  port::Effects on_query_result(const port::QueryResult& answer, port::Instant) override {
    std::string text = answer.ok ? "ok" : "failed";
    for (const auto& stat : answer.stats) {
      text += " [" + stat.what + "|" + stat.name + "|" + stat.value + "]";
    }
    return say(last_, text);
  }

 private:
  static port::Effects say(port::ConnectionId to, const std::string& text) {
    return port::Effect(port::Send{to, text});
  }
  static port::Effects welcome(port::ConnectionId to, const std::string& text) {
    auto effects = say(to, ":s 001 x :hi");
    effects.add(port::Send{to, ":s SESSION id s3cret 60 new e:0"});
    effects.add(port::Send{to, ":s 422 x :none"});
    effects.add(port::Send{to, text});
    return effects;
  }
  static port::Effects audit() {
    port::AuditRecord record;
    record.actor = "a";
    record.verb = "mode";
    record.target = "#x";
    record.reason = "why";
    record.after = "+m";
    return port::Effect(port::Audit{record});
  }

  port::ConnectionId last_;
};

std::string play_steps(const std::string& steps, const Reload& reload = {}) {
  Asker asker;
  return play(parse_script("t.txt", "a connects\na< from 192.0.2.1\n== t\n" + steps).front(), asker,
              reload);
}

TEST(Services, TheVerifierAnswersStallsAndRefuses) {
  EXPECT_EQ(play_steps("a> pw\na< right\na> other\na< wrong\n"), "");
  EXPECT_EQ(play_steps("verifier stalls\na> pw\na<<\nverifier goes on\na< right\n"), "");
  EXPECT_EQ(play_steps("verifier is busy\na> pw\na< busy\nverifier is free\na> pw\na< right\n"),
            "");
}

TEST(Services, FramesOfAHeldConnectionWaitForTheRelease) {
  EXPECT_EQ(play_steps("verifier stalls\na> pw\na> hold\na> x\na<<\nverifier goes on\n"
                       "a< right\na< heard x\n"),
            "");
}

TEST(Services, AReloadGivesThePreparedAnswer) {
  EXPECT_EQ(play_steps("a> reload\na< ok\n"), "");
  EXPECT_EQ(play_steps("reload needs restart net.shards\na> reload\n"
                       "a< ok [net.shards|restart|stays as it is until a restart]\n"),
            "");
  EXPECT_EQ(
      play_steps("reload fails line 3: why\na> reload\na< failed [config|error|line 3: why]\n"),
      "");
}

TEST(Services, AReloadSetsOptions) {
  std::string told;
  const Reload reload = [&](const std::vector<Setting>& settings) {
    for (const auto& setting : settings) told += setting.key + "=" + setting.value + ";";
  };
  EXPECT_EQ(play_steps("reload sets a b c\na> reload\na< ok\nserver reloads\n", reload), "");
  EXPECT_EQ(told, "a=b c;a=b c;");
}

TEST(Services, StatisticsReturnPreparedCounts) {
  EXPECT_EQ(play_steps("edge counts net shed 3\na> count\na< ok [net|shed|3]\n"), "");
}

TEST(Services, AuditEntriesAreLines) {
  EXPECT_EQ(play_steps("nothing audited\na> audit\naudited a - mode #x :why (was: ; is: +m)\n"),
            "");
  EXPECT_THAT(play_steps("audited a - mode #x :why\n"), HasSubstr("nothing was audited"));
  EXPECT_THAT(play_steps("a> audit\naudited b :*\n"), HasSubstr("audited otherwise"));
  EXPECT_THAT(play_steps("a> audit\nnothing audited\n"), HasSubstr("it is audited: a - mode"));
}

TEST(Services, ALingeringClientGetsItsOnCloseLater) {
  EXPECT_EQ(play_steps("b connects\nb< from 192.0.2.1\na lingers\na> end\na< (closed 3505)\n"
                       "b> hi\nb< heard hi\na goes\nb< gone 3505\n"),
            "");
}

TEST(Services, ArrivesAndReturnsSendTheIdentity) {
  EXPECT_EQ(play_steps("b arrives as x from 10.0.0.1 {nick: y}\n"
                       "b< /descp {id: @x, nick: \"y\"}\n"
                       "c returns as x\nc< :s SESSION id {x_secret} 60 new {x_inbox}\n"
                       "c< /descp {id: @x, secret: \"s3cret\"}\n"),
            "");
  EXPECT_THAT(play_steps("a arrives\n"), HasSubstr("a is already connected"));
}

TEST(Services, PassesAddresses) {
  EXPECT_EQ(play_steps("b connects from 10.0.0.1\nb< from 10.0.0.1\n"), "");
}

TEST(Services, QuietlyDropsAllLines) {
  EXPECT_EQ(play_steps("quietly a> x\na<<\nquietly repeat 1..3 a> x\nquietly b connects\n"), "");
}

TEST(RecordLines, DescribeRecords) {
  port::Snapshot held;
  held.peers.emplace_back().id = "a";
  held.channels.emplace_back().name = "#X";
  held.channels.back().bans.emplace_back().whom = "b";
  held.members.push_back({"#x", "a", "@"});
  held.bans.emplace_back().whom = "10.0.0.0/8";
  const auto lines = record_lines(held);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_THAT(lines[0], HasSubstr("peer a {"));
  EXPECT_THAT(lines[1], HasSubstr("channel #X {"));
  EXPECT_THAT(lines[1], HasSubstr(R"("bans":{"b":{)"));
  EXPECT_EQ(lines[2], "member #x a @");
  EXPECT_THAT(lines[3], HasSubstr("ban 10.0.0.0/8 {"));
}

TEST(RecordLines, ReportRecordsThatShouldBeGone) {
  port::Snapshot held;
  EXPECT_EQ(leftovers(held), "");
  held.peers.emplace_back().id = "a";
  EXPECT_THAT(leftovers(held), HasSubstr("nothing names it"));
  held.channels.emplace_back().creator = "a";
  EXPECT_THAT(leftovers(held), HasSubstr("the channel"));
  held.channels.back().modes = "+Pi";
  EXPECT_EQ(leftovers(held), "");
  held.peers.back().here = true;
  EXPECT_THAT(leftovers(held), HasSubstr("still here"));
  held.peers.back().here = false;
  held.members.push_back({"#x", "a", ""});
  EXPECT_THAT(leftovers(held), HasSubstr("still a member"));
}

}  // namespace
}  // namespace signaller::transcript
