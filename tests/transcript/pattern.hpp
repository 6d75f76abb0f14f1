// The small language inside transcript lines: escapes, short names of ids, captures, wildcards.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace signaller::transcript {

/// What `{name}` stood for where it was met first.
using Captures = std::map<std::string, std::string>;

/// `@ann` → its 24 hex digits; also `@p1`, `@p2`…. Names that are not known stay as they are.
std::string expand_ids(std::string_view text);
/// The other way round, and control characters visible: for messages.
std::string readable(std::string_view line);

/// What a client sends: escapes, ids, `{200 x}` (200 times x) and captured names replaced.
std::string expand(std::string_view text, const Captures& captures);

/// Whether a line that came is the line that was expected; names met first are captured then.
/// In `pattern`, besides what expand() knows:
///   `{name}`     a run without space ; , or " that must be the same later
///   `{*}`        one word
///   `:*`         at the end: any text, not empty
///   `~glob a*b`  to the end of the line: each * is anything
///   `~json{…}`   to the end of the line: a JSON value that has at least these members
///   `(closed 3502 *)`  the connection's end with a code and a reason
bool matches(std::string_view pattern, std::string_view line, Captures& captures);

}  // namespace signaller::transcript
