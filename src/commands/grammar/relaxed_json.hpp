// Reads the object of a /descp: strict JSON, or the relaxed form that people type by hand.
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
  std::string key;  ///< decoded
  JsonKind kind;
  std::string text;        ///< the value: strict JSON, compact; numbers as they were written
  std::size_t offset = 0;  ///< of the key, in bytes
};

struct JsonError {
  std::size_t offset = 0;     ///< in bytes, from the first of the text
  std::string_view expected;  ///< a noun: "a value"
};

/// Nested deeper than this is an error: the reader recurses.
constexpr std::size_t MaxJsonDepth = 64;
/// More members than this of the outermost object are an error.
constexpr std::size_t MaxJsonMembers = 256;

/// Reads one object and nothing after it. Beyond RFC 8259 it takes keys without quotes (letters,
/// digits, `_`, `$`), single quotes, and a bare word of 24 hex digits as a string. Doubled keys
/// are kept as they are, at every depth.
std::variant<std::vector<JsonMember>, JsonError> read_json_object(std::string_view text);

/// What a JSON string says; `text` is a value of kind String.
std::string decode_json_string(const std::string& text);
/// A JSON array of strings, and nothing if anything else is in it; `text` is of kind Array.
std::optional<std::vector<std::string>> decode_json_strings(const std::string& text);

}  // namespace signaller::commands
