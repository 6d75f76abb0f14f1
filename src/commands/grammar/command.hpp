// The declaration of a command: name, parameters, required rights, replies and handler.
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
  Anybody,  ///< also before /descp
  Described,
  ServerOperator,  ///< after /oper
};

/// The cost of a line, taken from the buckets of its connection and of its address.
struct Cost {
  std::uint32_t units = 1;
};

/// Constant: running data is kept elsewhere (Counters). A declaration is a constant expression, so
/// an ill-formed usage string does not compile.
struct Command {
  using Run = port::Result<port::Effects> (*)(Context&, const Args&);

  std::string_view name;
  std::string_view usage;    ///< as usage.hpp reads it: arity, 461, /help, README
  std::string_view summary;  ///< for /help and README
  std::string_view example;  ///< one whole line
  Access access;
  Cost cost;
  Replies replies;  ///< numerics, failures and notes that it may give, besides GateReplies
  Run run;
  std::string_view alias = {};  ///< another name; empty: none
  Shape shape = parse_usage(usage);
};

namespace verbs {
#define COMMAND(name) extern const Command name;
#include "commands/grammar/commands.def"
#undef COMMAND
}  // namespace verbs

}  // namespace signaller::commands
