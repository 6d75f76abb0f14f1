// A transcript file as values: scenarios, each a list of steps. The format is in README.rst here.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace signaller::transcript {

enum class Action : std::uint8_t {
  Sends,       ///< `ann> text`
  Receives,    ///< `ann,bob< pattern`
  HasNothing,  ///< `ann<<`
  Connects,    ///< `ann connects`, `ann connects from 10.0.0.1`
  Arrives,     ///< `ann arrives {nick: ann}`: connects, /descp, skips the welcome
  Closes,      ///< `ann closes 1001`, `ann is lost` (1006)
  Stalls,      ///< `ann stalls`: what has `more` is not drained
  Drains,      ///< `ann drains`: and the rest follows
  Ignores,     ///< `ann ignores`: what it receives is thrown away
  Listens,     ///< `ann listens`
  MaySend,     ///< `ann may send 8192`: its frame limit now
  StoreHolds,  ///< `store holds 2 peers, 1 channels, 2 members`
  TimePasses,  ///< `+5s`
  ShutsDown,   ///< `server shuts down`
};

struct Step {
  int line = 0;
  Action action = Action::Sends;
  std::vector<std::string> who;
  std::string text;         ///< not yet expanded
  std::int64_t number = 0;  ///< a close code, a limit, milliseconds
};

struct Setting {
  int line = 0;
  std::string key;
  std::string value;
};

struct Scenario {
  std::string file;  ///< for messages
  std::string title;
  std::vector<Setting> settings;
  std::vector<Step> steps;
};

/// What is wrong with a transcript itself; `what()` begins with file:line.
struct ScriptError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Parts a file into scenarios; what stands before the first `==` begins each of them.
std::vector<Scenario> parse_script(const std::string& file, std::string_view text);

/// All scenarios of a folder's `*.txt`, by file name. Throws ScriptError.
std::vector<Scenario> load_folder(const std::filesystem::path& folder);

}  // namespace signaller::transcript
