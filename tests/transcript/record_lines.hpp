// Records and audit entries as text lines, which transcripts compare with patterns.
#pragma once

#include <string>
#include <vector>

#include "port/effects.hpp"
#include "port/records.hpp"

namespace signaller::transcript {

/// Returns lines in these forms: `peer <id> {…}`, `channel <name> {…}`, `member <channel> <id>
/// <rank or ->`, `ban <whom> {…}`. The members of the JSON are the fields of port/records.hpp.
std::vector<std::string> record_lines(const port::Snapshot& held);

/// Returns `<actor> <operator or -> <verb> <target> :<reason>`, with ` (was: …; is: …)` if the
/// entry has these states.
std::string audit_line(const port::AuditRecord& record);
/// Returns lines of the form `198.51.100.0/24 <until or *> :why`.
std::vector<std::string> banned_range_lines(const std::vector<port::BannedRange>& ranges);

/// Describes records that are left in a store after all peers have gone and all time limits have
/// expired; empty: none. Persistent channels, bans, the audit log, and the ids in them may stay.
std::string leftovers(const port::Snapshot& held);

}  // namespace signaller::transcript
