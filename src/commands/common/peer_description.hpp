// What a /descp says, checked: the members that the server knows, and the rest as info.
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

/// What was not given stays empty. Well-formed, all of it, but not yet compared with the world.
/// What is said of a secret that has not this form.
constexpr std::string_view SecretForm = "A secret is 22 to 256 characters of ASCII without space";

struct Description {
  std::optional<irc::PeerId> id;
  std::optional<std::string> nick;  ///< "": take it away
  std::optional<std::string> name;  ///< "": take it away
  std::optional<std::string> info;  ///< compact JSON object of all members unknown to the server
  std::string secret;
  bool secret_fits = true;  ///< judged only where a secret may be brought
  std::string token;
  irc::Caps caps;
  std::vector<Position> since;  ///< in the order given
  std::optional<irc::DirectMessages> direct_messages;
  std::optional<std::int64_t> resume_ms;  ///< at most what the server grants
};

/// Reads the JSON in `args[1]`. INVALID_JSON, INVALID_VALUE, 432.
Result<Description> read_description(Context& ctx, const Args& args);

}  // namespace signaller::commands
