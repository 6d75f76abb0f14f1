#include "log/log_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <utf8.h>

#include <cstddef>

#include "irc/text/json_writer.hpp"

namespace signaller {
namespace {

bool is_control(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

/// True for line and paragraph separators, and for the controls of Unicode's bidirectional
/// algorithm (UAX #9).
bool is_invisible_order(std::uint32_t c) {
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

/// Appends one code point, either its bytes or its escape sequence.
void append_code_point(std::string& out, std::uint32_t c, std::string_view bytes, bool quotes) {
  if (is_control(c)) {
    out += fmt::format("\\x{:02x}", c);
  } else if (is_invisible_order(c)) {
    out += fmt::format("\\u{{{:04x}}}", c);
  } else {
    if (quotes && (c == '"' || c == '\\')) out += '\\';
    out += bytes;
  }
}

std::string with_escapes(std::string_view text, bool quotes) {
  std::string out;
  out.reserve(text.size());
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    for (const char* const valid = utf8::find_invalid(at, end); at != valid;) {
      const char* const begin = at;
      const std::uint32_t c = utf8::unchecked::next(at);
      append_code_point(out, c, {begin, static_cast<std::size_t>(at - begin)}, quotes);
    }
    if (at != end) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(*at++));
  }
  return out;
}

}  // namespace

std::string printable(std::string_view text) {
  return with_escapes(text, false);
}

std::string in_quotes(std::string_view text) {
  return '"' + with_escapes(text, true) + '"';
}

std::string time_text(std::int64_t unix_ms) {
  constexpr std::int64_t Second = 1000;
  const std::time_t seconds = unix_ms / Second;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), unix_ms % Second);
}

std::string audit_json(const port::AuditRecord& record) {
  irc::JsonWriter json;
  json.member("id").number(static_cast<std::int64_t>(record.id));
  json.member("time").string(time_text(record.unix_ms));
  json.member("actor").string(printable(record.actor));
  json.member("operator").string(printable(record.operator_name));
  json.member("verb").string(printable(record.verb));
  json.member("target").string(printable(record.target));
  json.member("reason").string(printable(record.reason));
  json.member("before").string(printable(record.before));
  json.member("after").string(printable(record.after));
  return json.done();
}

std::string audit_text(const port::AuditRecord& record) {
  std::string out = fmt::format("{} {}", record.id, printable(record.verb));
  out += " by " + in_quotes(record.actor);
  if (!record.operator_name.empty()) out += " as operator " + in_quotes(record.operator_name);
  out += " on " + in_quotes(record.target);
  if (!record.reason.empty()) out += " reason " + in_quotes(record.reason);
  if (!record.before.empty()) out += " before " + in_quotes(record.before);
  if (!record.after.empty()) out += " after " + in_quotes(record.after);
  return out;
}

}  // namespace signaller
