// Settings of a transcript, such as `set limits.line 200`: options of the slash protocol.
#pragma once

#include <string>
#include <vector>

#include "commands/session/options.hpp"
#include "tests/transcript/script.hpp"

namespace signaller::transcript {

/// Sets one option. Throws ScriptError for an unknown key or an invalid value.
void set(commands::Options& options, const std::string& file, const Setting& setting);

/// Returns the options of a scenario. Throws ScriptError for an unknown key or an invalid value.
commands::Options options_of(const Scenario& scenario);

}  // namespace signaller::transcript
