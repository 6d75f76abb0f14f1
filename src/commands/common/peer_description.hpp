// Reads the JSON of /descp: members that the server knows, and all others as info.
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

/// The text of INVALID_VALUE for a malformed secret.
constexpr std::string_view SecretForm =
    "A secret must have 22 to 256 ASCII characters without space, and must not begin with :";

/// A well-formed description that has not been compared with the world yet. A member that was not
/// given is empty.
struct Description {
  std::optional<irc::PeerId> id;
  std::optional<std::string> nick;  ///< "": remove the nick
  std::optional<std::string> name;  ///< "": remove the name
  std::optional<std::string> info;  ///< compact JSON object of all members unknown to the server
  std::string secret;
  /// False: the secret is malformed, which matters only if the client may choose its secret.
  bool secret_fits = true;
  std::string token;
  irc::Caps caps;
  std::vector<Position> since;  ///< the positions, in the order in which the client gave them
  std::optional<irc::DirectMessages> direct_messages;
  /// The requested time, at most as long as the server allows.
  std::optional<std::int64_t> resume_ms;
};

/// Reads the JSON in `args[1]`. Refuses with INVALID_JSON, INVALID_VALUE, 432.
Result<Description> read_description(Context& ctx, const Args& args);

}  // namespace signaller::commands
