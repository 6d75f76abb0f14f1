// Parses lines of the server, as far as the benchmarks need it.
#pragma once

#include <string_view>

namespace signaller::bench {

/// The line without its tags: `:5f… PUBMSG #bench :…`.
std::string_view without_tags(std::string_view line);
/// The line without its tags and source: `001 5f… :Welcome`.
std::string_view without_source(std::string_view line);
/// Returns whether a line without source is an error: FAIL, 4xx or 5xx, except 422.
bool is_refusal(std::string_view message);

}  // namespace signaller::bench
