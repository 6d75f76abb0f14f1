// Text on its way to a log: nothing in it can end the line, steer a terminal or hide itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "port/records.hpp"

namespace signaller {

/// As it is, but for what could do harm: C0, DEL, C1 and invalid bytes become `\x1b`, line and
/// paragraph separators and the characters that change the direction of text `\u{202e}`.
std::string printable(std::string_view text);
/// The same in quotes, with `"` and `\` escaped: what a client said, within a line of ours.
std::string in_quotes(std::string_view text);

/// `2026-01-31T23:59:59.123Z`
std::string time_text(std::int64_t unix_ms);

/// All of an entry of the audit log, as one JSON object.
std::string audit_json(const port::AuditRecord& record);
/// The same for people.
std::string audit_text(const port::AuditRecord& record);

}  // namespace signaller
