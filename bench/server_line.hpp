// A server's line, as far as a client of the benchmarks looks into it.
#pragma once

#include <string_view>

namespace signaller::bench {

/// The line without its tags: `:5f… PUBMSG #bench :…`.
std::string_view without_tags(std::string_view line);
/// The line without its tags and source: `001 5f… :Welcome`.
std::string_view without_source(std::string_view line);
/// The verb or numeric is a refusal.
bool is_refusal(std::string_view message);

}  // namespace signaller::bench
