// Random conversations with the whole protocol: no input breaks its guarantees.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "commands/slash_protocol.hpp"
#include "tests/plain_hash.hpp"
#include "tests/seeded.hpp"
#include "tests/slash_access.hpp"

using namespace signaller;
using commands::SlashProtocol;
using tests::Seeded;

namespace {

/// Carries effects out like the edge, and checks that they are valid.
class Edge {
 public:
  explicit Edge(std::uint64_t seed)
      : random(seed), owned(tests::make_slash(options(), random, hash)), protocol(*owned) {}

  static commands::Options options() {
    commands::Options options;
    options.limits.cost_rate = 0;
    options.limits.address_rate = 0;
    options.limits.faults = 0;
    options.limits.presence = 3;
    options.limits.channels = 4;
    options.broadcast = commands::BroadcastBy::Peers;
    return options;
  }

  void open(std::uint32_t slot) {
    const port::ConnectionId id{0, 0, slot, ++generation};
    alive[slot] = id;
    apply(protocol.on_open({id, "192.0.2.1", "/", ""}, now));
  }
  void close(std::uint32_t slot) {
    const auto id = alive.at(slot);
    forget(id);
    alive.erase(slot);
    apply(protocol.on_close({id, 1006, false}, now));
  }
  void text(std::uint32_t slot, const std::string& text) {
    const auto id = alive.at(slot);
    if (draining.count(id) != 0) return;  // the edge does not read a draining connection
    apply(protocol.on_text(id, text, now));
  }
  void drain() {
    const auto waiting = std::exchange(draining, {});
    for (const auto& id : waiting) {
      const auto found = alive.find(id.slot);
      if (found != alive.end() && found->second == id) apply(protocol.on_drain(id, now));
    }
  }
  void tick() { apply(protocol.on_tick(now)); }
  void turn_end() { apply(protocol.on_turn_end(now)); }

  Seeded random;
  tests::PlainHash hash;
  std::shared_ptr<SlashProtocol> owned;
  SlashProtocol& protocol;
  port::Instant now{1'700'000'000'000, 1};
  std::map<std::uint32_t, port::ConnectionId> alive;

 private:
  struct ByPlace {
    bool operator()(const port::ConnectionId& a, const port::ConnectionId& b) const {
      return std::tie(a.slot, a.generation) < std::tie(b.slot, b.generation);
    }
  };
  using Ids = std::set<port::ConnectionId, ByPlace>;

  void forget(port::ConnectionId id) {
    draining.erase(id);
    for (auto& [topic, subscribers] : topics) subscribers.erase(id);
  }
  void look_at(const std::string& line) {
    ASSERT_FALSE(line.empty());
    ASSERT_EQ(line.find_first_of(std::string_view("\r\n\0", 3)), std::string::npos) << line;
    ASSERT_TRUE(line[0] == ':' || line[0] == '@') << line;
    ASSERT_EQ(line.find("  "), line.find(" :") < line.find("  ") ? line.find("  ") : line.npos)
        << "no empty parameter: " << line;
  }
  void apply(port::Effects effects) {
    for (auto& effect : effects) std::visit([this](auto& e) { apply_one(e); }, effect);
  }
  void apply_one(port::Send& send) {
    look_at(send.text);
    if (send.more) draining.insert(send.to);
  }
  void apply_one(port::Publish& publish) {
    ASSERT_TRUE(publish.forms[0] || publish.forms[1]);
    needs(topics[publish.topic], publish.except, publish.forms);
  }
  void apply_one(port::PublishUnion& publish) {
    for (const auto topic : publish.topics) needs(topics[topic], publish.except, publish.forms);
  }
  /// Checks that a published line exists in the form of each subscriber.
  void needs(const std::map<port::ConnectionId, port::Form, ByPlace>& subscribers,
             port::ConnectionId except, const port::Forms& forms) {
    for (const auto& [id, form] : subscribers) {
      if (id == except) continue;
      ASSERT_NE(forms.at(form), nullptr);
      look_at(*forms.at(form));
    }
  }
  void apply_one(port::Subscribe& one) { topics[one.topic][one.who] = one.form; }
  /// An Unsubscribe is valid even if the connection is not subscribed: the connection may still
  /// wait for a replay, or may not be described yet.
  void apply_one(port::Unsubscribe& one) { topics[one.topic].erase(one.who); }
  void apply_one(port::Close& close) {
    for (const auto& [slot, id] : alive) {
      if (id != close.who) continue;
      const auto gone = id;
      forget(gone);
      alive.erase(slot);
      apply(protocol.on_close({gone, close.code, true}, now));
      return;
    }
  }
  void apply_one(port::Persist& persist) {
    ASSERT_FALSE(persist.records.empty());
    apply(protocol.on_stored({persist.token, random.below(8) != 0}, now));
  }
  void apply_one(port::Wake& wake) { EXPECT_GE(wake.steady_ms, 0); }
  template <class Other>
  void apply_one(Other&) {}

  std::uint32_t generation = 0;
  Ids draining;
  std::map<port::TopicId, std::map<port::ConnectionId, port::Form, ByPlace>> topics;
};

const std::vector<std::string> Lines{"/descp {}",
                                     "/descp {nick: 'ann'}",
                                     "/descp {caps:['tags','echo'], name:'A ;b'}",
                                     "/descp {caps:['no-presence','no-names']}",
                                     "/descp {id: 5f0c3e0000000000000000aa, x: [1]}",
                                     "/descp {name:",
                                     "/descp {name: null}",
                                     "/join #a",
                                     "/join #a sesame",
                                     "/join #b",
                                     "/join #C",
                                     "/join #c",
                                     "/join nope",
                                     "/quit #a",
                                     "/quit #A so long",
                                     "/quit",
                                     "/quit :bye",
                                     "/quit b",
                                     "/part #c",
                                     "/pubmsg #a hi",
                                     "/say #b :) x",
                                     "/pubmsg #zz hi",
                                     "/privmsg ann hi",
                                     "/privmsg 5f* hi",
                                     "/privmsg 5f0c3e0000000000000000aa psst",
                                     "/broadcast all",
                                     "/whois ann",
                                     "/whois #a",
                                     "/peers #a",
                                     "/peers #a 1",
                                     "/who #a",
                                     "/who #b 2 5f0c3e0000000000000000aa",
                                     "/list",
                                     "/list #a 1",
                                     "/list after #a",
                                     "/topic #a",
                                     "/topic #a new one",
                                     "/topic #a :",
                                     "/nick ann",
                                     "/nick Bob",
                                     "/nick a!b",
                                     "/away",
                                     "/away out",
                                     "/back",
                                     "/kick ann",
                                     "/kick ann #a",
                                     "/kick 5* #a too loud",
                                     "/kick ann *",
                                     "/ping",
                                     "/ping :a b",
                                     "/help",
                                     "/help kick",
                                     "/help no",
                                     "/motd",
                                     "/time",
                                     "/version",
                                     "",
                                     "hello",
                                     "/",
                                     "/no such",
                                     "\x1b",
                                     "/pubmsg #a \x1b[31m",
                                     "/op ann #a",
                                     "/deop 5* #a",
                                     "/voice 5f0c3e0000000000000000aa #a",
                                     "/devoice bob #b",
                                     "/mute ann #a 1s",
                                     "/mute ann #a x",
                                     "/unmute ann #a",
                                     "/ban ann #a 1s loud",
                                     "/ban 5*",
                                     "/ban ip:192.0.2.0/24 *",
                                     "/unban ann #a",
                                     "/unban 5f0c3e0000000000000000aa",
                                     "/bans #a",
                                     "/bans",
                                     "/invite ann #a",
                                     "/invite ann",
                                     "/mode #a",
                                     "/mode #a +imsPD",
                                     "/mode #a -imsPDlSHk",
                                     "/mode #b +klSH sesame 3 1 2",
                                     "/mode #a +z",
                                     "/mode #a +l",
                                     "/history #a",
                                     "/history #a 2 after 1",
                                     "/history #a 501",
                                     "/block ann",
                                     "/unblock ann",
                                     "/blocks",
                                     "/descp #a {name:'The a', info:{x:1}}",
                                     "/descp {secret:'short'}",
                                     "/kill ann",
                                     "/stats",
                                     "/rehash",
                                     "/audit 5",
                                     "/privmsg",
                                     "/away \t\x02"};

class History : public testing::TestWithParam<std::uint64_t> {};

}  // namespace

TEST_P(History, RandomConversationsKeepTheGuarantees) {
  Edge edge(GetParam());
  for (int step = 0; step < 2'000 && !testing::Test::HasFatalFailure(); ++step) {
    const auto slot = static_cast<std::uint32_t>(edge.random.below(8));
    const std::size_t what = edge.random.below(40);
    edge.now.steady_ms += static_cast<std::int64_t>(edge.random.below(200));
    edge.now.unix_ms = 1'700'000'000'000 + edge.now.steady_ms;
    if (edge.alive.count(slot) == 0) {
      edge.open(slot);
      if (edge.random.below(4) != 0) edge.text(slot, "/descp {}\n/join #a\n/join #b");
    } else if (what == 0) {
      edge.close(slot);
    } else if (what == 1) {
      edge.tick();
    } else if (what < 6) {
      edge.drain();
    } else if (what < 10) {
      edge.turn_end();
    } else {
      std::string frame = edge.random.one_of(Lines);
      if (edge.random.below(3) == 0) frame = "@label=l " + frame;
      if (edge.random.below(3) == 0) frame += "\r\n" + edge.random.one_of(Lines);
      edge.text(slot, frame);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, History, testing::Range<std::uint64_t>(1, 13));

// A labelled line has exactly one last reply: ACK, FAIL or an error numeric.
TEST(Labels, GetExactlyOneFinalAnswer) {
  Seeded random(5);
  const tests::PlainHash hash;
  const auto owned = tests::make_slash(Edge::options(), random, hash);
  SlashProtocol& protocol = *owned;
  const port::Instant now{1'700'000'000'000, 1};
  const port::ConnectionId ann{0, 0, 1, 1};
  protocol.on_open({ann, "", "/", ""}, now);
  protocol.on_text(ann, "/descp {nick:'ann'}\n/join #a", now);
  for (const auto& line : Lines) {
    if (line.empty() || line.substr(0, 5) == "/quit") continue;
    std::vector<std::string> ends;
    std::string last;
    for (auto& effect : protocol.on_text(ann, "@label=l " + line, now)) {
      const auto* send = std::get_if<port::Send>(&effect);
      if (send == nullptr || send->text.substr(0, 8) != "@label=l") continue;
      last = send->text;
      const std::string rest = last.substr(last.find(" :signaller ") + 12);
      const bool error = rest[0] == '4';
      const bool failed = rest.substr(0, 5) == "FAIL ";
      if (rest.substr(0, 4) == "ACK " || failed || error) ends.push_back(last);
    }
    ASSERT_EQ(ends.size(), 1U) << line;
    EXPECT_EQ(ends[0], last) << line;
  }
}

TEST(StaleIds, AreIgnored) {
  Seeded random(5);
  const tests::PlainHash hash;
  const auto owned = tests::make_slash(Edge::options(), random, hash);
  SlashProtocol& protocol = *owned;
  const port::Instant now{1'700'000'000'000, 1};
  const port::ConnectionId nobody{0, 3, 4'000'000'000U, 7};
  EXPECT_TRUE(protocol.on_text(nobody, "/descp {}", now).empty());
  EXPECT_TRUE(protocol.on_close({nobody, 1000, false}, now).empty());
  EXPECT_TRUE(protocol.on_drain(nobody, now).empty());
  EXPECT_TRUE(protocol.on_stored({7, true}, now).empty());
  EXPECT_TRUE(protocol.on_tick(now).empty());
  EXPECT_TRUE(protocol.on_turn_end(now).empty());
}

TEST(Frames, OfManyLinesAreAnsweredInPieces) {
  Seeded random(5);
  const tests::PlainHash hash;
  const auto owned = tests::make_slash(Edge::options(), random, hash);
  SlashProtocol& protocol = *owned;
  const port::Instant now{1'700'000'000'000, 1};
  const port::ConnectionId ann{0, 0, 1, 1};
  protocol.on_open({ann, "", "/", ""}, now);
  std::string frame;
  constexpr std::size_t Pings = 5'000;
  for (std::size_t n = 0; n < Pings; ++n) frame += "/ping " + std::to_string(n) + "\n";
  std::size_t answers = 0;
  auto effects = protocol.on_text(ann, frame, now);
  for (bool more = true; more; effects = protocol.on_drain(ann, now)) {
    more = false;
    std::size_t bytes = 0;
    for (const auto& effect : effects) {
      const auto* send = std::get_if<port::Send>(&effect);
      if (send == nullptr) continue;
      EXPECT_FALSE(more) << "only the last one of a piece says that there is more";
      EXPECT_EQ(send->text, ":signaller PONG signaller :" + std::to_string(answers));
      ++answers;
      bytes += send->text.size();
      more = send->more;
    }
    EXPECT_LT(bytes, 33U * 1024);
  }
  EXPECT_EQ(answers, Pings);
}
