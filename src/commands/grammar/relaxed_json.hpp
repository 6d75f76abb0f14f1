// Reads the JSON object of a /descp: strict JSON, or the relaxed form that people type by hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace signaller::commands {

enum class JsonKind : std::uint8_t { Null, Boolean, Number, String, Array, Object };

/// A member of the outermost object.
struct JsonMember {
  std::string key;  ///< the key, decoded
  JsonKind kind;
  std::string text;        ///< the value as strict, compact JSON; numbers as they were written
  std::size_t offset = 0;  ///< offset of the key, in bytes
};

struct JsonError {
  std::size_t offset = 0;     ///< position of the error, in bytes from the beginning of the text
  std::string_view expected;  ///< the missing element, as a noun: "a value"
};

/// The maximum depth of nesting. It is limited because the reader recurses.
constexpr std::size_t MaxJsonDepth = 64;
/// The maximum number of members of the outermost object.
constexpr std::size_t MaxJsonMembers = 256;

/// Reads one object; nothing may follow it. Extensions of RFC 8259: keys without quotes (letters,
/// digits, `_`, `$`), single quotes, and a bare word of 24 hex digits as a string. Duplicate keys
/// are kept, at every depth. A number must be finite as a double.
std::variant<std::vector<JsonMember>, JsonError> read_json_object(std::string_view text);

/// Decodes a JSON string; `text` is a value of kind String.
std::string decode_json_string(const std::string& text);
/// Decodes an array of strings; `text` is a value of kind Array. Returns nothing if an item of the
/// array is not a string.
std::optional<std::vector<std::string>> decode_json_strings(const std::string& text);

}  // namespace signaller::commands
