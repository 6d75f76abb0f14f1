// The object of a /descp: strict JSON is read as nlohmann reads it, and the output is strict JSON
// with the same meaning.
// Input: the object, on one line.
#include "commands/grammar/relaxed_json.hpp"

#include <cctype>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/fuzz/must.hpp"
#include "tests/fuzz/plain_text.hpp"

namespace {

using namespace signaller::fuzz;
using Json = nlohmann::json;
using signaller::commands::JsonKind;
using signaller::commands::JsonMember;
using Members = std::vector<JsonMember>;

bool is_kind(const Json& json, JsonKind kind) {
  switch (kind) {
    case JsonKind::Null:
      return json.is_null();
    case JsonKind::Boolean:
      return json.is_boolean();
    case JsonKind::Number:
      return json.is_number();
    case JsonKind::String:
      return json.is_string();
    case JsonKind::Array:
      return json.is_array();
    case JsonKind::Object:
      return json.is_object();
  }
  return false;
}

std::string printed(const Members& members) {
  std::string out = "{";
  for (const JsonMember& member : members) {
    if (out.size() > 1) out += ',';
    out += Json(member.key).dump() + ':' + member.text;
  }
  return out + '}';
}

Members read(const std::string& text) {
  auto result = signaller::commands::read_json_object(text);
  must(std::holds_alternative<Members>(result), "what was printed is read");
  return std::get<Members>(std::move(result));
}

/// Whether nlohmann reads these members in another way: it keeps only one member of each key.
bool is_known_to_differ(const Members& members) {
  std::set<std::string> keys;
  for (const JsonMember& member : members) {
    if (!keys.insert(member.key).second) return true;
  }
  return false;
}

void check_members(const Members& members, std::size_t size) {
  must(members.size() <= signaller::commands::MaxJsonMembers, "no more members than allowed");
  for (const JsonMember& member : members) {
    must(member.offset < size, "a key stands in the text");
    must(is_valid_utf8(member.key) && is_valid_utf8(member.text), "UTF-8 stays UTF-8");
    const Json value = Json::parse(member.text, nullptr, false);
    must(!value.is_discarded(), "a value is strict JSON");
    must(is_kind(value, member.kind), "a value of its kind");
    if (member.kind == JsonKind::String) {
      must(signaller::commands::decode_json_string(member.text) == value.get<std::string>(),
           "a string says what it says");
    }
    if (member.kind == JsonKind::Array) {
      static_cast<void>(signaller::commands::decode_json_strings(member.text));
    }
  }
  const Members again = read(printed(members));
  must(again.size() == members.size(), "as many members when read again");
  for (std::size_t i = 0; i < again.size(); ++i) {
    must(again[i].key == members[i].key && again[i].kind == members[i].kind &&
             again[i].text == members[i].text,
         "the same member when read again");
  }
  if (is_known_to_differ(members)) return;
  const Json whole = Json::parse(printed(members), nullptr, false);
  must(whole.is_object() && whole.size() == members.size(), "strict JSON");
}

std::size_t depth_of(const Json& json) {
  std::size_t deepest = 0;
  if (!json.is_structured()) return 0;
  for (const Json& inner : json) deepest = std::max(deepest, depth_of(inner));
  return deepest + 1;
}

/// Whether the text contains 24 hex digits in a row: an id for this reader, but a number in JSON.
bool has_id(std::string_view text) {
  constexpr std::size_t Digits = 24;
  std::size_t run = 0;
  for (const char c : text) {
    run = std::isxdigit(static_cast<unsigned char>(c)) != 0 ? run + 1 : 0;
    if (run == Digits) return true;
  }
  return false;
}

/// Objects that nlohmann accepts must be accepted here, too, unless a line cannot contain them or a
/// limit refuses them.
void check_strict(std::string_view text, const Members* members) {
  constexpr std::string_view NotInLines{"\r\n\0", 3};
  if (text.find_first_of(NotInLines) != std::string_view::npos) return;
  const Json strict = Json::parse(text, nullptr, false);
  if (!strict.is_object() || depth_of(strict) > signaller::commands::MaxJsonDepth) return;
  if (members == nullptr) {
    // This reader counts members with the same key separately; nlohmann keeps only one of them.
    must(text.size() > 4 * signaller::commands::MaxJsonMembers, "strict JSON is taken");
    return;
  }
  for (const JsonMember& member : *members) must(strict.contains(member.key), "a key of its own");
  if (is_known_to_differ(*members) || has_id(text)) return;
  must(members->size() == strict.size(), "the same members");
  for (const JsonMember& member : *members) {
    must(Json::parse(member.text) == strict[member.key], "the same value");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = made_valid(text_of(data, size));  // the edge refuses other text
  const auto result = signaller::commands::read_json_object(text);
  const auto* members = std::get_if<Members>(&result);
  if (members != nullptr) {
    check_members(*members, text.size());
  } else {
    const auto& error = std::get<signaller::commands::JsonError>(result);
    must(error.offset <= text.size() && !error.expected.empty(), "where, and what was expected");
  }
  check_strict(text, members);
  return 0;
}
