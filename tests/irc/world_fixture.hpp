// A world with a manual clock, and short functions to fill it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "irc/world.hpp"
#include "tests/seeded.hpp"

namespace signaller::irc {

inline PeerId id_of(std::uint32_t n) {
  std::string hex = "5f0c3e000000000000000000";
  for (std::size_t i = hex.size(); n > 0; n /= 16) hex[--i] = "0123456789abcdef"[n % 16];
  return *PeerId::parse(hex);
}
inline ChannelName channel_name(const std::string& text) {
  return *ChannelName::parse(text, 64);
}
inline Nick nick(const std::string& text) {
  return *Nick::parse(text, 32);
}

/// Checks the invariants at the end of each test; a test may call `step` to check earlier.
struct WorldTest : testing::Test {
  void TearDown() override { step(); }
  void step() const { EXPECT_EQ(world.check(), ""); }

  Peer& add(std::uint32_t n, Profile profile = {}, Caps caps = {}, Claim claim = {}) {
    return world.add(id_of(n), {{0, 0, n, 1}, caps}, claim, std::move(profile), random, now);
  }
  /// Adds a peer with an owned id.
  Peer& add_owned(std::uint32_t n) {
    Claim claim;
    claim.owned = true;
    return add(n, {}, {}, claim);
  }
  /// Adds the owner of an id whose session has ended.
  Peer& bring_back(std::uint32_t n) {
    return add(n, {}, {}, world.identities().find(id_of(n))->claim);
  }
  Channel& create(const std::string& name, Peer& creator) {
    return world.create(channel_name(name), creator, {}, random, now);
  }
  void pass(std::int64_t ms) { now = {now.unix_ms + ms, now.steady_ms + ms}; }

  tests::Seeded random{7};
  port::Instant now{1'700'000'000'000, 1'000};
  port::TopicNumbers numbers;
  World world{numbers};
};

/// A message that costs `cost` bytes.
inline StoredMessagePtr message(std::uint64_t seq, std::int64_t time_ms = 0, std::size_t cost = 0) {
  auto logged = std::make_shared<StoredMessage>();
  logged->seq = seq;
  logged->time_ms = time_ms;
  if (cost > logged->cost()) logged->line.assign(cost - logged->cost(), 'x');
  return logged;
}

}  // namespace signaller::irc
