#include "irc/modes.hpp"

#include <gtest/gtest.h>

using namespace signaller::irc;

TEST(Modes, NoModesGiveEmptyText) {
  EXPECT_EQ(modes_text({}, false), "");
}

TEST(Modes, EachModeHasItsLetter) {
  const auto text = [](auto change) {
    Modes modes;
    change(modes);
    return modes_text(modes, false);
  };
  EXPECT_EQ(text([](Modes& m) { m.danmaku = true; }), "+D");
  EXPECT_EQ(text([](Modes& m) { m.history = 5; }), "+H 5");
  EXPECT_EQ(text([](Modes& m) { m.history = 0; }), "+H 0") << "0 is a value";
  EXPECT_EQ(text([](Modes& m) { m.persistent = true; }), "+P");
  EXPECT_EQ(text([](Modes& m) { m.slow_s = 10; }), "+S 10");
  EXPECT_EQ(text([](Modes& m) { m.invite_only = true; }), "+i");
  EXPECT_EQ(text([](Modes& m) { m.limit = 50; }), "+l 50");
  EXPECT_EQ(text([](Modes& m) { m.moderated = true; }), "+m");
  EXPECT_EQ(text([](Modes& m) { m.secret = true; }), "+s");
  EXPECT_EQ(modes_text({}, true), "+k") << "the token is not shown";
}

TEST(Modes, LettersAndValuesAreInAsciiOrder) {
  Modes modes;
  modes.danmaku = modes.persistent = modes.invite_only = modes.moderated = modes.secret = true;
  modes.history = 5;
  modes.slow_s = 10;
  modes.limit = 50;
  EXPECT_EQ(modes_text(modes, true), "+DHPSiklms 5 10 50");
  EXPECT_FALSE(modes == Modes{});
  const Modes same = modes;
  EXPECT_TRUE(modes == same);
}
