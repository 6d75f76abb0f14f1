#include "commands/grammar/relaxed_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

using namespace signaller::commands;

namespace {

std::vector<JsonMember> read(std::string_view text) {
  auto read = read_json_object(text);
  if (const auto* error = std::get_if<JsonError>(&read)) {
    ADD_FAILURE() << text << " fails at " << error->offset << ": expected " << error->expected;
    return {};
  }
  return std::get<std::vector<JsonMember>>(std::move(read));
}

/// The value of the only member, as strict JSON.
std::string value(std::string_view json) {
  const auto members = read("{\"a\":" + std::string(json) + "}");
  return members.size() == 1 ? members[0].text : "";
}

std::optional<std::size_t> error_at(std::string_view text) {
  const auto read = read_json_object(text);
  const auto* error = std::get_if<JsonError>(&read);
  return error == nullptr ? std::nullopt : std::optional(error->offset);
}

}  // namespace

TEST(Json, ReadsStrictObjects) {
  const auto members =
      read(R"( {"id" : "x", "n": 1.10, "o":{"a" : [1, 2 ,{}]},"t":true ,"z":null} )");
  ASSERT_EQ(members.size(), 5U);
  EXPECT_EQ(members[0].key, "id");
  EXPECT_EQ(members[0].kind, JsonKind::String);
  EXPECT_EQ(members[0].text, "\"x\"");
  EXPECT_EQ(members[0].offset, 2U);
  EXPECT_EQ(members[1].text, "1.10") << "numbers stay as they were written";
  EXPECT_EQ(members[2].text, R"({"a":[1,2,{}]})");
  EXPECT_EQ(members[3].kind, JsonKind::Boolean);
  EXPECT_EQ(members[4].kind, JsonKind::Null);
  EXPECT_TRUE(read("{}").empty());
  EXPECT_TRUE(read("{ }").empty());
}

TEST(Json, ReadsTheRelaxedForm) {
  const auto members = read("{id: 5e1000000000000000000005, name: 'it\\'s \"me\"', $x_1: 2}");
  ASSERT_EQ(members.size(), 3U);
  EXPECT_EQ(members[0].key, "id");
  EXPECT_EQ(members[0].kind, JsonKind::String);
  EXPECT_EQ(members[0].text, "\"5e1000000000000000000005\"");
  EXPECT_EQ(members[1].text, R"("it's \"me\"")");
  EXPECT_EQ(decode_json_string(members[1].text), "it's \"me\"");
  EXPECT_EQ(members[2].key, "$x_1");
  EXPECT_EQ(value("{k: ['x']}"), R"({"k":["x"]})");
}

TEST(Json, KeepsNumbersAndDoubledKeys) {
  EXPECT_EQ(value("12345678901234567890123"), "12345678901234567890123");
  EXPECT_EQ(value("-0.0e+10"), "-0.0e+10");
  EXPECT_EQ(value(R"({"a":1,"a":2})"), R"({"a":1,"a":2})");
  EXPECT_EQ(read("{a:1,a:2}").size(), 2U);
}

TEST(Json, DecodesKeysAndStrings) {
  EXPECT_EQ(read(R"({"\u0061\u00e9":1})")[0].key, "aé");
  EXPECT_EQ(decode_json_string(value(R"("\ud83d\ude00\n\u0000")")), std::string("😀\n\0", 6));
  EXPECT_EQ(value(R"("\u001b")"), R"("\u001b")") << "an escape stays one";
  EXPECT_EQ(decode_json_strings(value("['a', \"b\"]")), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(decode_json_strings(value("[1]")), std::nullopt);
  EXPECT_EQ(decode_json_strings(value("['a', 1e99]")), std::nullopt);
}

TEST(Json, ReportsTheOffsetOfAnError) {
  EXPECT_EQ(error_at(""), 0U);
  EXPECT_EQ(error_at("[1]"), 0U);
  EXPECT_EQ(error_at("{"), 1U);
  EXPECT_EQ(error_at("{\"id\":}"), 6U);
  EXPECT_EQ(error_at("{\"a\" 1}"), 5U);
  EXPECT_EQ(error_at("{\"a\":1,}"), 7U);
  EXPECT_EQ(error_at("{a: hello}"), 4U);
  EXPECT_EQ(error_at("{a:1} x"), 6U);
  EXPECT_EQ(error_at("{a:1"), 4U);
  EXPECT_EQ(error_at("{a:[1 2]}"), 6U);
  EXPECT_EQ(error_at("{a:\"x}"), 3U);
  EXPECT_EQ(error_at("{a:\"\t\"}"), 4U) << "a raw control has to be escaped";
  EXPECT_EQ(error_at("{a:\"\\x\"}"), 4U);
  EXPECT_EQ(error_at("{a:\"\\'\"}"), 4U) << "only within single quotes";
}

TEST(Json, RefusesInvalidNumbers) {
  for (const auto* bad : {"01", "1.", ".5", "1e", "+1", "--1", "0x1", "NaN", "1e5x", "-", "1-1"}) {
    EXPECT_EQ(error_at("{a:" + std::string(bad) + "}"), 3U) << bad;
  }
}

TEST(Json, RefusesNumbersThatNoDoubleHolds) {
  for (const auto& bad : {std::string("1e999"), std::string("-1e999"), std::string(400, '9')}) {
    EXPECT_EQ(error_at("{a:" + bad + "}"), 3U) << bad;
    EXPECT_EQ(error_at("{a:[1," + bad + "]}"), 6U) << bad;
  }
  EXPECT_EQ(value("1.7976931348623157e308"), "1.7976931348623157e308");
  EXPECT_EQ(value("1e-999"), "1e-999") << "is 0";
}

TEST(Json, RefusesHalfSurrogates) {
  for (const auto* bad : {R"("\ud800")", R"("\udc00")", R"("\ud800\u0041")", R"("\ud800\ud800")",
                          R"("\u12")", R"("\uzzzz")", R"("\u+123")", R"("\u-123")"}) {
    EXPECT_EQ(error_at("{a:" + std::string(bad) + "}"), 4U) << bad;
  }
}

TEST(Json, IsBoundedInDepth) {
  const auto nested = [](std::size_t depth) {
    return "{a:" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  EXPECT_EQ(error_at(nested(MaxJsonDepth)), std::nullopt);
  EXPECT_EQ(error_at(nested(MaxJsonDepth + 1)), 3 + MaxJsonDepth - 1);
  EXPECT_TRUE(error_at(nested(100'000)).has_value());
}

TEST(Json, IsBoundedInMembers) {
  const auto object_of = [](std::size_t members) {
    std::string text = "{";
    for (std::size_t i = 0; i < members; ++i) text += "a:1,";
    text.back() = '}';
    return text;
  };
  EXPECT_TRUE(
      std::holds_alternative<std::vector<JsonMember>>(read_json_object(object_of(MaxJsonMembers))));
  EXPECT_EQ(error_at(object_of(MaxJsonMembers + 1)), 1 + 4 * MaxJsonMembers);
}

// Accepted input is written as strict JSON with the same meaning; reading that again gives the same
// JSON.
TEST(Json, RoundTripsAcceptedInput) {
  std::mt19937 engine(7);
  const std::vector<std::string> parts{"{",      "}",      "[",
                                       "]",      ":",      ",",
                                       "\"a\"",  "'b'",    "key",
                                       " 1.50 ", " -2e3 ", "null",
                                       "true",   " ",      "\"\\u00e9\\n\"",
                                       "'\\''",  "\"字\"", "5e1000000000000000000005"};
  int taken = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text = "{a:";
    const auto length = 1 + engine() % 9;
    for (std::size_t n = 0; n < length; ++n) text += parts[engine() % parts.size()];
    text += "}";
    const auto first = read_json_object(text);
    const auto* members = std::get_if<std::vector<JsonMember>>(&first);
    if (members == nullptr) {
      ASSERT_LE(std::get<JsonError>(first).offset, text.size()) << text;
      continue;
    }
    ++taken;
    for (const auto& member : *members) {
      ASSERT_TRUE(nlohmann::json::accept(member.text)) << text << " -> " << member.text;
      const auto again = read_json_object("{\"k\":" + member.text + "}");
      ASSERT_EQ(std::get<std::vector<JsonMember>>(again).at(0).text, member.text) << text;
    }
  }
  EXPECT_GT(taken, 1000);
}

TEST(Json, NeverReadsBeyondTheText) {
  const std::string whole = R"({"a":"\ud83d\ude00","b":[1,{"c":null}],d:'x\'',e:-1.5e+3})";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    // A copy, so that a sanitizer sees reads past the end.
    const std::string cut = whole.substr(0, size);
    const auto at = error_at(cut);
    ASSERT_TRUE(at.has_value()) << cut;
    EXPECT_LE(*at, size) << cut;
  }
}
