// Parses a transcript file into scenarios, each a list of steps. README.rst here describes the
// format.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace signaller::transcript {

enum class Action : std::uint8_t {
  Sends,        ///< `ann> text`
  Receives,     ///< `ann,bob< pattern`
  HasNothing,   ///< `ann<<`
  Connects,     ///< `ann connects`, `ann connects from 10.0.0.1`
  Arrives,      ///< `ann arrives {nick: ann}`: connects, /descp, skips the welcome
  Returns,      ///< `ann returns {since: {}}`: like Arrives with the secret; keeps SESSION
  Closes,       ///< `ann closes 1001`, `ann is lost` (1006)
  Stalls,       ///< `ann stalls`: delays its on_drain
  Drains,       ///< `ann drains`: ends `ann stalls`
  Ignores,      ///< `ann ignores`: drops all received lines
  Listens,      ///< `ann listens`: ends `ann ignores`
  Lingers,      ///< `ann lingers`: delays its on_close after a Close
  Goes,         ///< `ann goes`: delivers the delayed on_close
  MaySend,      ///< `ann may send 8192`: expects this frame limit
  StoreHolds,   ///< `store holds 2 peers, 1 channels, 2 members`
  Stored,       ///< `stored peer @ann ~json{"owned":true}`
  NotStored,    ///< `not stored peer @ann :*`
  BannedRange,  ///< `barred 198.51.100.7 * :banned: spam`
  NotBarred,    ///< `not barred 198.51.100.7 :*`
  Audited,      ///< `audited @ann root kick @bob :too loud`
  NotAudited,   ///< `nothing audited`
  StoreIs,   ///< `store stalls`, `… goes on`, `… is away`, `… is back`, `… is back empty`
  Dies,      ///< `server dies`: another server takes over the store
  Restarts,  ///< `server restarts`: like Dies after a regular shutdown
  PasswordVerifier,  ///< `verifier stalls`, `… goes on`, `… is busy`, `… is free`
  WillReload,  ///< `reload sets limits.topic 10`, `… needs restart net.shards`, `… fails why`
  Reloads,     ///< `server reloads`
  Counts,      ///< `edge counts net deliveries 7`
  TimePasses,  ///< `+5s`
  ShutsDown,   ///< `server shuts down`
};

/// Whether a step only expects something, and sends nothing.
bool expects(Action action);

struct Step {
  int line = 0;
  Action action = Action::Sends;
  bool quietly = false;  ///< drops all lines that clients receive because of this step
  std::vector<std::string> who;
  std::string text;         ///< text before expansion
  std::string as;           ///< short name of the id, if it differs from the client's name
  std::string address;      ///< address of a new connection; empty: the default address
  std::int64_t number = 0;  ///< a close code, a limit, or milliseconds
};

struct Setting {
  int line = 0;
  std::string key;
  std::string value;
};

struct Scenario {
  std::string file;  ///< file name, for messages
  std::string title;
  std::vector<Setting> settings;
  std::vector<Step> steps;
};

/// An error in a transcript file; `what()` begins with file:line.
struct ScriptError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Splits a file into scenarios. The lines before the first `==` are put at the start of each
/// scenario.
std::vector<Scenario> parse_script(const std::string& file, std::string_view text);

/// Returns all scenarios of the `*.txt` of a folder, by file name. Throws ScriptError.
std::vector<Scenario> load_folder(const std::filesystem::path& folder);

}  // namespace signaller::transcript
