#include "irc/text/text.hpp"

#include <gtest/gtest.h>

using namespace signaller::irc;
using namespace std::string_literals;

TEST(Text, ForbidsControlsExceptTabAndFormatting) {
  EXPECT_EQ(find_forbidden("plain \t \x02\x03\x04\x0f\x11\x16\x1d\x1e\x1f 直播间"), std::nullopt);
  EXPECT_EQ(find_forbidden("ab\0cd"s), 2U);
  EXPECT_EQ(find_forbidden("a\rb"), 1U);
  EXPECT_EQ(find_forbidden("\x1b[31m"), 0U);
  EXPECT_EQ(find_forbidden("ab\x7f"), 2U);
}

TEST(Text, ForbidsC1ButNotOtherC2Sequences) {
  EXPECT_EQ(find_forbidden("x\xc2\x80"), 1U);
  EXPECT_EQ(find_forbidden("x\xc2\x9f"), 1U);
  EXPECT_EQ(find_forbidden("x\xc2\xa0"), std::nullopt);
  EXPECT_EQ(find_forbidden("x\xc3\x80"), std::nullopt);
}

TEST(Text, EveryByteOfC0IsEitherForbiddenOrFormatting) {
  const std::string allowed = "\x02\x03\x04\t\x0f\x11\x16\x1d\x1e\x1f";
  for (char c = 0; c < 0x20; ++c) {
    const bool may = allowed.find(c) != std::string::npos;
    EXPECT_EQ(find_forbidden(std::string(1, c)).has_value(), !may) << int{c};
    EXPECT_TRUE(has_control(std::string(1, c))) << int{c};
  }
}

TEST(Text, ValidatesUtf8) {
  for (const auto* good : {"", "abc", "é", "字", "😀", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const auto* bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe5\xad", "\xff", "a\xc3"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
}

TEST(Text, CutsBetweenCodePoints) {
  const std::string text = "a字😀é";
  for (std::size_t bytes = 0; bytes <= text.size() + 1; ++bytes) {
    const auto cut = cut_utf8(text, bytes);
    EXPECT_LE(cut.size(), bytes);
    EXPECT_TRUE(is_utf8(cut)) << bytes;
    EXPECT_GT(cut.size() + 4, std::min(bytes, text.size())) << "at most one code point is lost";
  }
}

TEST(Text, FoldsAsciiOnly) {
  EXPECT_EQ(fold("#LobbyÄ"), "#lobbyÄ");
  EXPECT_EQ(upper("descp-é"), "DESCP-é");
  EXPECT_TRUE(FoldedEqual{}("#LOBBY", "#lobby"));
  EXPECT_FALSE(FoldedEqual{}("#lobby", "#lobb"));
  EXPECT_EQ(FoldedHash{}("#LOBBY"), FoldedHash{}("#lobby"));
  EXPECT_FALSE(FoldedEqual{}("@", "`")) << "32 apart, but not letters";
}

TEST(Text, ParsesWholeNumbers) {
  EXPECT_EQ(parse_number("0"), 0U);
  EXPECT_EQ(parse_number("18446744073709551615"), 18446744073709551615ULL);
  for (const auto* bad : {"", "-1", "+1", "1 ", " 1", "1x", "18446744073709551616", "0x1"}) {
    EXPECT_EQ(parse_number(bad), std::nullopt) << bad;
  }
}

TEST(Text, ComparesWholeSecrets) {
  EXPECT_TRUE(equal_in_constant_time("sesame", "sesame"));
  EXPECT_FALSE(equal_in_constant_time("sesame", "sesamE"));
  EXPECT_FALSE(equal_in_constant_time("sesame", "sesam"));
  EXPECT_FALSE(equal_in_constant_time("", "s"));
}
