// The form of commands lives in this folder: lines, arguments, usage strings, JSON, and the table
// of all commands. Nothing here may know peers, channels or sessions. All of it is values and pure
// functions, for any thread.
// This header is the declaration of a command: name, parameters, rights, replies and handler.
#pragma once

#include <cstdint>
#include <string_view>

#include "commands/grammar/args.hpp"
#include "commands/grammar/replies.hpp"
#include "commands/grammar/usage.hpp"
#include "port/effects.hpp"
#include "port/result.hpp"

namespace signaller::commands {

class Context;

enum class Access : std::uint8_t {
  Anybody,  ///< may be used before /descp
  Described,
  ServerOperator,  ///< may be used after /oper only
};

/// The cost of a line, taken from the bucket of its connection and that of its address.
struct Cost {
  std::uint32_t units = 1;
};

/// A command. Constant: counters are kept elsewhere (Counters). A declaration is a constant
/// expression, so an ill-formed usage string does not compile.
struct Command {
  using Run = port::Result<port::Effects> (*)(Context&, const Args&);

  std::string_view name;
  std::string_view usage;    ///< syntax as in usage.hpp; also shown by 461, /help and README
  std::string_view summary;  ///< description for /help and README
  std::string_view example;  ///< a whole line with the command
  Access access;
  Cost cost;
  Replies replies;  ///< replies that the command may give, besides GateReplies
  Run run;
  std::string_view alias = {};  ///< another name of the command; empty: none
  Shape shape = parse_usage(usage);
};

namespace verbs {
#define COMMAND(name) extern const Command name;
#include "commands/grammar/commands.def"
#undef COMMAND
}  // namespace verbs

}  // namespace signaller::commands
