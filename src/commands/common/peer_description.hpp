// Reads the JSON of /descp: the members that the server knows, and the rest as info.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "commands/common/replay.hpp"
#include "commands/context/context.hpp"
#include "commands/grammar/args.hpp"
#include "irc/caps.hpp"
#include "irc/text/object_id.hpp"

namespace signaller::commands {

/// The text of INVALID_VALUE for a secret of another form.
constexpr std::string_view SecretForm =
    "A secret has 22 to 256 ASCII characters, no space, and no : at its beginning";

/// A well-formed description, not yet compared with the world. A member that was not given is
/// empty.
struct Description {
  std::optional<irc::PeerId> id;
  std::optional<std::string> nick;  ///< "": take it away
  std::optional<std::string> name;  ///< "": take it away
  std::optional<std::string> info;  ///< compact JSON object of all members unknown to the server
  std::string secret;
  bool secret_fits = true;  ///< counts only where a secret may be chosen
  std::string token;
  irc::Caps caps;
  std::vector<Position> since;  ///< in the order given
  std::optional<irc::DirectMessages> direct_messages;
  std::optional<std::int64_t> resume_ms;  ///< not more than the server grants
};

/// Reads the JSON in `args[1]`. INVALID_JSON, INVALID_VALUE, 432.
Result<Description> read_description(Context& ctx, const Args& args);

}  // namespace signaller::commands
