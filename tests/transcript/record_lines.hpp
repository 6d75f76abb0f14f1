// What a store holds and what an operator did, as lines that transcripts can be compared with.
#pragma once

#include <string>
#include <vector>

#include "port/effects.hpp"
#include "port/records.hpp"

namespace signaller::transcript {

/// `peer <id> {…}`, `channel <name> {…}`, `member <channel> <id> <rank or ->`, `ban <whom> {…}`.
/// The members of the JSON are the fields of port/records.hpp.
std::vector<std::string> record_lines(const port::Snapshot& held);

/// `<actor> <operator or -> <verb> <target> :<reason>`, and ` (was: …; is: …)` if it says so.
std::string audit_line(const port::AuditRecord& record);
/// Who is barred: `198.51.100.0/24 <until or *> :why`.
std::vector<std::string> barred_lines(const std::vector<port::BannedRange>& barred);

/// What is in a store although everybody has gone and every time has run out, in a sentence;
/// empty: nothing is that should not be. Persistent channels, bans and the audit log may stay,
/// and the ids that those name.
std::string leftovers(const port::Snapshot& held);

}  // namespace signaller::transcript
