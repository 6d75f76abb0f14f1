// A fan-out over a wire without sockets.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <string>

#include "tests/net/fake_wire.hpp"

namespace signaller::net {

constexpr port::TopicId A{1};
constexpr port::TopicId B{2};
constexpr LineOptions Plain{};

class FanoutTest : public testing::Test {
 protected:
  Subscriber& link() {
    links_.emplace_back();
    links_.back().slot = static_cast<std::uint32_t>(links_.size());
    return links_.back();
  }
  void TearDown() override {
    for (Subscriber& link : links_) fanout.forget(link);
  }
  void chat(port::TopicId topic, const std::string& text, Subscriber* except = nullptr) {
    fanout.publish(topic, {forms(text), port::FrameClass::Chat, except});
  }

  std::deque<Subscriber> links_;
  FakeWire wire;
  HeldBytes held{0};
  OutboxLimits limits{1000, 800, 300, 60, 1'000'000};
  Fanout fanout{wire, limits, held};
};

}  // namespace signaller::net
