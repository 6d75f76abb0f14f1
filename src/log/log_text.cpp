#include "log/log_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "irc/text/json_writer.hpp"
#include "irc/text/text.hpp"

namespace signaller {
namespace {

/// The length of the code point at the beginning, or 0 if there is none.
std::size_t first_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  std::size_t length = 1;
  if (lead >= 0xf0U) {
    length = 4;
  } else if (lead >= 0xe0U) {
    length = 3;
  } else if (lead >= 0x80U) {
    length = 2;
  }
  return length <= text.size() && irc::is_utf8(text.substr(0, length)) ? length : 0;
}

/// Of one whole code point.
std::uint32_t decode(std::string_view bytes) {
  if (bytes.size() == 1) return static_cast<unsigned char>(bytes.front());
  const unsigned lead_bits = bytes.size() == 2 ? 0x1fU : bytes.size() == 3 ? 0x0fU : 0x07U;
  std::uint32_t value = static_cast<unsigned char>(bytes.front()) & lead_bits;
  for (const char c : bytes.substr(1))
    value = value << 6U | (static_cast<unsigned char>(c) & 0x3fU);
  return value;
}

bool is_control(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

/// Line and paragraph separators, and what Unicode's bidirectional algorithm obeys (UAX #9).
bool is_invisible_order(std::uint32_t c) {
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

std::string with_escapes(std::string_view text, bool quotes) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = first_length(text);
    const std::string_view bytes = text.substr(0, std::max<std::size_t>(length, 1));
    text.remove_prefix(bytes.size());
    const std::uint32_t c = length == 0 ? static_cast<unsigned char>(bytes.front()) : decode(bytes);
    if (length == 0 || is_control(c)) {
      out += fmt::format("\\x{:02x}", c);
    } else if (is_invisible_order(c)) {
      out += fmt::format("\\u{{{:04x}}}", c);
    } else {
      if (quotes && (c == '"' || c == '\\')) out += '\\';
      out += bytes;
    }
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
