// Makes text safe for a log: it cannot end the line, control a terminal or hide characters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "port/records.hpp"

namespace signaller {

/// Replaces harmful characters: C0, DEL, C1 and invalid bytes become escapes such as `\x1b`; line
/// and paragraph separators and the characters that change the direction of text become escapes
/// such as `\u{202e}`.
std::string printable(std::string_view text);
/// As printable(), in quotes and with `"` and `\` escaped: for text of a client within a log line.
std::string in_quotes(std::string_view text);

/// Formats a time as `2026-01-31T23:59:59.123Z`.
std::string time_text(std::int64_t unix_ms);

/// An entry of the audit log as one JSON object, with all fields.
std::string audit_json(const port::AuditRecord& record);
/// An entry of the audit log as a line of text.
std::string audit_text(const port::AuditRecord& record);

}  // namespace signaller
