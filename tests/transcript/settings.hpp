// `set limits.line 200` in a transcript: a field of the slash protocol's options.
#pragma once

#include <string>
#include <vector>

#include "commands/session/options.hpp"
#include "tests/transcript/script.hpp"

namespace signaller::transcript {

/// Changes one of them. Throws ScriptError for a key or a value that there is not.
void set(commands::Options& options, const std::string& file, const Setting& setting);

/// The options of a scenario. Throws ScriptError for a key or a value that there is not.
commands::Options options_of(const Scenario& scenario);

}  // namespace signaller::transcript
