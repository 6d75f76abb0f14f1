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
  Sends,        ///< `ann> text`
  Receives,     ///< `ann,bob< pattern`
  HasNothing,   ///< `ann<<`
  Connects,     ///< `ann connects`, `ann connects from 10.0.0.1`
  Arrives,      ///< `ann arrives {nick: ann}`: connects, /descp, skips the welcome
  Returns,      ///< `ann returns {since: {}}`: the same with its secret; SESSION is not skipped
  Closes,       ///< `ann closes 1001`, `ann is lost` (1006)
  Stalls,       ///< `ann stalls`: what has `more` is not drained
  Drains,       ///< `ann drains`: and the rest follows
  Ignores,      ///< `ann ignores`: what it receives is thrown away
  Listens,      ///< `ann listens`
  Lingers,      ///< `ann lingers`: if the server closes it, its on_close waits
  Goes,         ///< `ann goes`: it comes
  MaySend,      ///< `ann may send 8192`: its frame limit now
  StoreHolds,   ///< `store holds 2 peers, 1 channels, 2 members`
  Stored,       ///< `stored peer @ann ~json{"owned":true}`
  NotStored,    ///< `not stored peer @ann :*`
  BannedRange,  ///< `barred 198.51.100.7 * :banned: spam`
  NotBarred,    ///< `not barred 198.51.100.7 :*`
  Audited,      ///< `audited @ann root kick @bob :too loud`
  NotAudited,   ///< `nothing audited`
  StoreIs,   ///< `store stalls`, `… goes on`, `… is away`, `… is back`, `… is back empty`
  Dies,      ///< `server dies`: and another one takes over what is stored
  Restarts,  ///< `server restarts`: it shuts down before
  PasswordVerifier,  ///< `verifier stalls`, `… goes on`, `… is busy`, `… is free`
  WillReload,  ///< `reload sets limits.topic 10`, `… needs restart net.shards`, `… fails why`
  Reloads,     ///< `server reloads`
  Counts,      ///< `edge counts net deliveries 7`
  TimePasses,  ///< `+5s`
  ShutsDown,   ///< `server shuts down`
};

/// Expects something, without making anything happen.
bool expects(Action action);

struct Step {
  int line = 0;
  Action action = Action::Sends;
  bool quietly = false;  ///< what anybody receives from it is thrown away
  std::vector<std::string> who;
  std::string text;         ///< not yet expanded
  std::string as;           ///< the short name of the id, if it is not the client's
  std::string address;      ///< of a new connection; empty: the usual one
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
