// Text for a log: one line of visible UTF-8, from which the input can be restored.
// Input: text of a client.
#include "log/log_text.hpp"

#include <nlohmann/json.hpp>

#include "tests/fuzz/must.hpp"
#include "tests/fuzz/plain_text.hpp"

namespace {

using namespace signaller::fuzz;

unsigned hex(std::string_view digits) {
  return static_cast<unsigned>(std::stoul(std::string(digits), nullptr, 16));
}

std::string encoded(unsigned c) {
  if (c < 0x800) return {static_cast<char>(0xc0U | c >> 6U), static_cast<char>(0x80U | (c & 63U))};
  return {static_cast<char>(0xe0U | c >> 12U), static_cast<char>(0x80U | (c >> 6U & 63U)),
          static_cast<char>(0x80U | (c & 63U))};
}

/// Removes one escape of `in_quotes` from `rest`, which begins with a backslash. Returns the
/// escaped bytes. A C1 control comes back as a single byte: the log escapes the byte 0x85 and
/// U+0085 alike, so with_short_c1() converts the other side of the comparison to the same form.
std::string take_escape(std::string_view& rest) {
  must(rest.size() >= 2, "an escape that ends");
  const char kind = rest[1];
  if (kind == 'x') {
    const char byte = static_cast<char>(hex(rest.substr(2, 2)));
    rest.remove_prefix(4);
    return {byte};
  }
  if (kind == 'u') {
    const std::size_t end = rest.find('}');
    must(rest[2] == '{' && end != std::string_view::npos, "braces");
    const std::string c = encoded(hex(rest.substr(3, end - 3)));
    rest.remove_prefix(end + 1);
    return c;
  }
  must(kind == '"' || kind == '\\', "an escape that there is");
  rest.remove_prefix(2);
  return {kind};
}

std::string unquoted(std::string_view quoted) {
  must(quoted.size() >= 2 && quoted.front() == '"' && quoted.back() == '"', "quotes");
  std::string_view rest = quoted.substr(1, quoted.size() - 2);
  std::string out;
  while (!rest.empty()) {
    must(rest.front() != '"', "no quote that ends it early");
    if (rest.front() == '\\') {
      out += take_escape(rest);
    } else {
      out += rest.front();
      rest.remove_prefix(1);
    }
  }
  return out;
}

/// C1 controls as single bytes, as the log writes them.
std::string with_short_c1(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool c1 = text[i] == '\xc2' && i + 1 < text.size() &&
                    static_cast<unsigned char>(text[i + 1]) >= 0x80 &&
                    static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (!c1) out += text[i];
  }
  return out;
}

void must_be_harmless(std::string_view text) {
  must(is_valid_utf8(text), "UTF-8");
  must(!holds_control(text), "no control character");
  for (const std::string_view turn :
       {"\xe2\x80\xae", "\xe2\x80\xa8", "\xe2\x81\xa6", "\xe2\x80\x8f"})
    must(text.find(turn) == std::string_view::npos, "nothing that turns the text around");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string said(text_of(data, size));
  const std::string shown = signaller::printable(said);
  must_be_harmless(shown);
  must(signaller::printable(shown) == shown, "what is harmless stays as it is");
  const std::string quoted = signaller::in_quotes(said);
  must_be_harmless(quoted);
  must(unquoted(quoted) == with_short_c1(said), "what was said can be told from the log");

  signaller::port::AuditRecord record;
  record.actor = record.target = record.reason = said;
  record.operator_name = record.verb = record.before = record.after = said;
  record.unix_ms = static_cast<std::int64_t>(seed_of(said) % 4'000'000'000'000ULL);
  const std::string line = signaller::audit_json(record);
  must_be_harmless(line);
  const auto json = nlohmann::json::parse(line, nullptr, false);
  must(json.is_object() && json["reason"] == shown, "an entry of the audit log is JSON");
  must_be_harmless(signaller::audit_text(record));
  return 0;
}
