// Writes a flat, compact JSON object. Its strings contain no control characters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace signaller::irc {

/// Appends `text` in quotes. Escapes C0, DEL and C1, so that no control character reaches a
/// terminal (RFC 8259 §7). `text` is valid UTF-8.
void append_json_string(std::string& out, std::string_view text);

class JsonWriter {
 public:
  /// Begins a member; the next call writes its value. The key is not escaped.
  JsonWriter& member(std::string_view key);
  void string(std::string_view value) { append_json_string(out_, value); }
  /// Writes null if the value is empty.
  void string_or_null(std::string_view value);
  void number(std::int64_t value);
  /// Writes a value that is already compact JSON.
  void raw(std::string_view json) { out_ += json; }
  /// Returns the whole object. Consumes the writer.
  std::string done();

 private:
  std::string out_ = "{";
};

}  // namespace signaller::irc
