// The pattern language of transcript lines: escapes, short names of ids, captures, wildcards.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace signaller::transcript {

/// Captured texts by name.
using Captures = std::map<std::string, std::string>;

/// Replaces `@ann` by its 24 hex digits; also `@p1`, `@p2`…. Unknown names stay.
std::string expand_ids(std::string_view text);
/// The inverse of expand_ids(), for messages; control characters become visible.
std::string readable(std::string_view line);

/// Expands a line that a client sends: escapes, ids, `{200 x}` (200 times x) and captured names.
std::string expand(std::string_view text, const Captures& captures);

/// Tells whether a received line matches `pattern`; captures names at their first occurrence.
/// Besides what expand() knows, a pattern may contain:
///   `{name}`     a run without space ; , or " that must be the same later
///   `{*}`        one word
///   `:*`         at the end: any text, not empty
///   `~glob a*b`  to the end of the line: each * is anything
///   `~json{…}`   to the end of the line: a JSON value that has at least these members
/// `(closed 3502 *)`  the end of the connection with a code and a reason
bool matches(std::string_view pattern, std::string_view line, Captures& captures);

}  // namespace signaller::transcript
