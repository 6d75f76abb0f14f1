#include "port/topic_numbers.hpp"

#include <gtest/gtest.h>

namespace signaller::port {
namespace {

TEST(TopicNumbers, AreDenseAndReused) {
  TopicNumbers numbers;
  EXPECT_EQ(numbers.take(), TopicId{1});
  EXPECT_EQ(numbers.take(), TopicId{2});
  EXPECT_EQ(numbers.take(), TopicId{3});
  numbers.give_back(TopicId{2});
  EXPECT_EQ(numbers.size(), 2U);
  EXPECT_FALSE(numbers.is_taken(TopicId{2}));
  EXPECT_EQ(numbers.take(), TopicId{2});
  EXPECT_EQ(numbers.take(), TopicId{4});
}

TEST(TopicNumbers, ASharedNumberIsFreeWhenItsLastHolderHasGivenItBack) {
  TopicNumbers numbers;
  const TopicId topic = numbers.take();
  numbers.share(topic);
  numbers.give_back(topic);
  EXPECT_TRUE(numbers.is_taken(topic));
  EXPECT_NE(numbers.take(), topic);
  numbers.give_back(topic);
  EXPECT_EQ(numbers.take(), topic);
}

TEST(TopicNumbers, GivingBackTwiceFreesANumberOnce) {
  TopicNumbers numbers;
  const TopicId topic = numbers.take();
  numbers.give_back(topic);
  numbers.give_back(topic);
  numbers.give_back(TopicId::None);
  numbers.give_back(TopicId{7});
  EXPECT_NE(numbers.take(), numbers.take());
}

}  // namespace
}  // namespace signaller::port
