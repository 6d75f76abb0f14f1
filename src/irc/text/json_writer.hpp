// Writes one flat JSON object, compact. Strings come out without any control character.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace signaller::irc {

/// Appends `text` in quotes, with C0, DEL and C1 escaped: no terminal sees one (RFC 8259 §7).
/// `text` is UTF-8.
void append_json_string(std::string& out, std::string_view text);

class JsonWriter {
 public:
  /// Begins a member; its value follows. Keys are ours: they need no escapes.
  JsonWriter& member(std::string_view key);
  void string(std::string_view value) { append_json_string(out_, value); }
  /// null if it is empty.
  void string_or_null(std::string_view value);
  void number(std::int64_t value);
  /// JSON already, and compact.
  void raw(std::string_view json) { out_ += json; }
  /// The whole object. The writer is used up.
  std::string done();

 private:
  std::string out_ = "{";
};

}  // namespace signaller::irc
