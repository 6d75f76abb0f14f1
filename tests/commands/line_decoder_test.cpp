#include <gtest/gtest.h>

#include "commands/grammar/args.hpp"
#include "commands/grammar/line_decoder.hpp"
#include "commands/grammar/registry.hpp"
#include "commands/grammar/usage.hpp"

using namespace signaller::commands;

namespace {

/// Parses `rest`, the text after the verb, by the usage string. Returns the arguments with `|`
/// between them; empty: the caller gets 461.
std::string fill(std::string_view usage, const std::string& rest) {
  const std::string line = "/x" + rest;
  const Shape shape = parse_usage(usage);
  const auto args = Args::fill(shape, line, 2);
  if (!args) return "461";
  std::string out;
  for (std::size_t i = 0; i < shape.count; ++i) {
    if (i > 0) out += '|';
    out += (*args)[i];
    if (args->has(i)) {
      EXPECT_EQ(line.substr(args->offset(i), (*args)[i].size()), (*args)[i]);
    }
  }
  return out;
}

}  // namespace

TEST(Line, IsSplitIntoLabelVerbAndRest) {
  const std::string line = "@label=a-1_.Z /PubMsg #x hi";
  const auto decoded = decode_line(line);
  EXPECT_EQ(decoded.error, LineError::None);
  EXPECT_EQ(decoded.label, "a-1_.Z");
  EXPECT_EQ(decoded.name, "PubMsg");
  EXPECT_EQ(line.substr(decoded.rest), " #x hi");
  EXPECT_EQ(decode_line("/ping").rest, 5U);
  EXPECT_EQ(decode_line("@label=x    /ping").name, "ping");
}

TEST(Line, ErrorsAreReported) {
  EXPECT_EQ(decode_line("hello all").error, LineError::NotCommand);
  EXPECT_EQ(decode_line("hello all").name, "hello");
  EXPECT_EQ(decode_line(" /ping").error, LineError::NotCommand);
  EXPECT_EQ(decode_line("@label=x ").error, LineError::NotCommand);
  EXPECT_EQ(decode_line("@label=x hello").label, "x");
  EXPECT_EQ(decode_line("@label=" + std::string(64, 'x') + " /a").error, LineError::None);
  for (const std::string bad : {"@", "@label", "@label=", "@label= /a", "@label=x", "@label=a b",
                                "@label=a;b=c /a", "@time=1 /a", "@LABEL=a /a"}) {
    EXPECT_EQ(decode_line(bad).error,
              bad == "@label=a b" ? LineError::NotCommand : LineError::BadLabel)
        << bad;
  }
  EXPECT_EQ(decode_line("@label=" + std::string(65, 'x') + " /a").error, LineError::BadLabel);
}

TEST(Line, IsRemovedFromTheFrontOfAFrame) {
  std::string_view text = "one\r\ntwo\n\n\rthree\r\r\n";
  EXPECT_EQ(take_line(text), "one");
  EXPECT_EQ(take_line(text), "two");
  EXPECT_EQ(take_line(text), "");
  EXPECT_EQ(take_line(text), "\rthree\r");
  EXPECT_TRUE(text.empty());
}

TEST(Line, AnyBytesAreParsedSafely) {
  const std::string all = "@label=x /a \t\r\x80 {}:#*";
  for (std::size_t i = 0; i < 50'000; ++i) {
    std::string line;
    for (std::size_t n = i; n > 0; n /= all.size()) line += all[n % all.size()];
    const auto decoded = decode_line(line);
    ASSERT_LE(decoded.rest, line.size());
    ASSERT_LE(decoded.label.size(), MaxLabel);
  }
}

TEST(Usage, IsTheArity) {
  constexpr Shape Kick = parse_usage("<peer> [#channel] [reason...]");
  static_assert(Kick.count == 3);
  static_assert(Kick.slots[0].required && Kick.slots[0].kind == SlotKind::Word);
  static_assert(!Kick.slots[1].required && Kick.slots[1].kind == SlotKind::Channel);
  static_assert(!Kick.slots[2].required && Kick.slots[2].kind == SlotKind::Text);
  constexpr Shape List = parse_usage("[#prefix] [limit] [after #channel]");
  static_assert(List.count == 3);
  static_assert(List.slots[1].kind == SlotKind::Number);
  static_assert(parse_usage("").count == 0);
  static_assert(parse_usage("#channel").slots[0].required);
}

TEST(Usage, IllFormedUsageIsNoConstant) {
  for (const auto* bad :
       {"peer", "<peer", "<>", "<a...> <b>", "<a> ", "<a>  <b>", "<a> <b> <c> <d> <e>", "[a>"}) {
    EXPECT_THROW(parse_usage(bad), std::logic_error) << bad;
  }
}

TEST(Args, AreSeparatedBySpaces) {
  EXPECT_EQ(fill("<a> <b>", " x y"), "x|y");
  EXPECT_EQ(fill("<a> <b>", "   x    y  "), "x|y");
  EXPECT_EQ(fill("<a> <b>", " x"), "461");
  EXPECT_EQ(fill("<a> [b]", " x"), "x|");
  EXPECT_EQ(fill("", ""), "");
  EXPECT_EQ(fill("", "  "), "");
  EXPECT_EQ(fill("", " x"), "461");
}

TEST(Args, TheLastArgumentTakesTheRest) {
  EXPECT_EQ(fill("<a>", " x y "), "x y");
  EXPECT_EQ(fill("<a> <text...>", " x  two  spaces "), "x| two  spaces ");
  EXPECT_EQ(fill("<a> <text...>", "   x y"), "x|y");
  EXPECT_EQ(fill("<a> <text...>", " x "), "461") << "empty text is none";
  EXPECT_EQ(fill("<a> <text...>", " x  "), "x| ");
  EXPECT_EQ(fill("[text...]", " :a b"), ":a b");
}

TEST(Args, OptionalArgumentsAreFilledOnlyIfTheyFit) {
  constexpr auto Kick = "<peer> [#channel] [reason...]";
  EXPECT_EQ(fill(Kick, " bob"), "bob||");
  EXPECT_EQ(fill(Kick, " bob #x"), "bob|#x|");
  EXPECT_EQ(fill(Kick, " bob  #x  too loud"), "bob|#x| too loud");
  EXPECT_EQ(fill(Kick, " bob too loud"), "bob||too loud");
  EXPECT_EQ(fill(Kick, " bob *"), "bob|*|");
  constexpr auto List = "[#prefix] [limit] [after #channel]";
  EXPECT_EQ(fill(List, ""), "||");
  EXPECT_EQ(fill(List, " 50"), "|50|");
  EXPECT_EQ(fill(List, " #a 50 after #ab"), "#a|50|after #ab");
  EXPECT_EQ(fill(List, " after #ab"), "||after #ab");
}

TEST(Commands, AreFoundByNameAndAliasInAnyCase) {
  EXPECT_EQ(find_command("JOIN"), &verbs::join);
  EXPECT_EQ(find_command("msg"), &verbs::privmsg);
  EXPECT_EQ(find_command("Say"), &verbs::pubmsg);
  EXPECT_EQ(find_command("names"), &verbs::peers);
  EXPECT_EQ(find_command(""), nullptr);
  EXPECT_EQ(find_command("joi"), nullptr);
}

TEST(Commands, HaveCompleteDeclarations) {
  for (const Command* command : all_commands()) {
    EXPECT_FALSE(command->name.empty());
    EXPECT_FALSE(command->summary.empty()) << command->name;
    EXPECT_EQ(find_command(command->name), command);
    // The example of the command must fit its own usage string.
    const std::string line(command->example);
    const auto decoded = decode_line(line);
    EXPECT_EQ(decoded.name, command->name);
    EXPECT_TRUE(Args::fill(command->shape, line, decoded.rest)) << line;
    EXPECT_EQ(form_of(*command).substr(1, command->name.size()), command->name);
  }
}
