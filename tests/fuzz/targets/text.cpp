// Text of the protocol: UTF-8 is judged by RFC 3629 and cut between code points; text that is
// written into tags, parameters and JSON reads back and never breaks its line.
// Input: any bytes.
#include "irc/text/text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "irc/line.hpp"
#include "irc/text/json_writer.hpp"
#include "irc/text/names.hpp"
#include "tests/fuzz/must.hpp"
#include "tests/fuzz/plain_text.hpp"

namespace {

using namespace signaller::fuzz;
namespace irc = signaller::irc;

/// IRCv3 message-tags, "Escaping values".
std::string unescaped_tag(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\\') {
      out += value[i];
      continue;
    }
    must(++i < value.size(), "no lone backslash at the end");
    constexpr std::string_view From = ":s\\rn";
    constexpr std::string_view To = "; \\\r\n";
    const std::size_t which = From.find(value[i]);
    must(which != std::string_view::npos, "an escape that there is");
    out += To[which];
  }
  return out;
}

void check_cutting(std::string_view text, std::size_t bytes) {
  const std::string_view cut = irc::cut_utf8(text, bytes);
  must(cut.size() <= bytes && text.substr(0, cut.size()) == cut, "a beginning that fits");
  if (!is_valid_utf8(text)) return;
  must(is_valid_utf8(cut), "a cut between code points");
  must(cut.size() == text.size() || cut.size() + 3 >= bytes, "as much as fits");
}

void check_tags_and_params(std::string_view text) {
  std::string tag;
  irc::append_tag_value(tag, text);
  must(tag.find_first_of("; \r\n") == std::string::npos, "a tag's value stays one");
  must(unescaped_tag(tag) == text, "a tag's value reads back");
  if (irc::find_forbidden(text)) return;  // no line holds such text
  irc::Line line("signaller", "NOTICE");
  line.param(text).params(text).param(std::uint64_t{7}).trailing(text);
  must_be_well(line_fault(line.plain()));
  must_be_well(line_fault(line.render(irc::TaggedForm, "label")));
}

void check_json(std::string_view text) {
  std::string written;
  irc::append_json_string(written, text);
  must(!holds_control(written), "JSON without control characters");
  const auto read = nlohmann::json::parse(written, nullptr, false);
  must(read.is_string() && read.get<std::string>() == text, "JSON that reads back");
}

void check_names(std::string_view text) {
  if (const auto nick = irc::Nick::parse(text, irc::Nick::MostBytes)) {
    must(nick->text() == text && text.size() <= irc::Nick::MostBytes, "a nick as it was given");
    must(text.find_first_of(" :!@#,*") == std::string_view::npos, "a nick is a source");
  }
  if (const auto name = irc::ChannelName::parse(text, irc::ChannelName::MostBytes)) {
    must(name->text() == text && !holds_control(text), "a channel as it was given");
    must(text.find(' ') == std::string_view::npos && text.front() == '#', "a channel is a param");
  }
  if (const auto id = irc::ObjectId::parse(text)) {
    must(id->text() == irc::fold(text), "an id reads back, in lower case");
  }
  static_cast<void>(irc::parse_peer_ref(text));
}

void check_numbers(std::string_view text) {
  const auto number = irc::parse_number(text);
  if (!number) return;
  const std::string plain = std::to_string(*number);
  const std::size_t zeros = std::min(text.find_first_not_of('0'), text.size() - 1);
  must(plain == text.substr(zeros), "a number is its digits");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  const bool valid = is_valid_utf8(text);
  must(irc::is_utf8(text) == valid, "UTF-8 as RFC 3629 says");
  for (const std::size_t bytes : {std::size_t{0}, size / 3, size / 2, size > 0 ? size - 1 : 0}) {
    check_cutting(text, bytes);
  }
  must(irc::fold(irc::upper(text)) == irc::fold(text), "folding sees no case");
  must(irc::FoldedEqual()(irc::upper(text), text), "compared without case");
  must(irc::FoldedHash()(irc::upper(text)) == irc::FoldedHash()(text), "hashed without case");
  must(irc::equal_in_constant_time(text, text), "equal to itself");
  must(!irc::equal_in_constant_time(text, std::string(text) + 'x'), "not to a longer one");
  check_names(text);
  check_numbers(text);
  if (!valid) return 0;
  must(irc::has_control(text) == holds_control(text), "control characters are found");
  const auto forbidden = irc::find_forbidden(text);
  must(!forbidden || holds_control(text.substr(*forbidden)), "found where it stands");
  check_tags_and_params(text);
  check_json(text);
  return 0;
}
