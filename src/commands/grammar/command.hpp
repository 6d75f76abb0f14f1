// A command, declared: what it is called, what it takes, who may give it, what it does.
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

/// What a line takes out of its connection's bucket.
struct Cost {
  std::uint32_t units = 1;
};

/// Constant: what changes while the server runs stands elsewhere. A declaration needs a
/// constant expression, so a usage string that is ill-formed does not compile.
struct Command {
  using Run = port::Result<port::Effects> (*)(Context&, const Args&);

  std::string_view name;
  std::string_view usage;    ///< as usage.hpp reads it: arity, 461, /help, README
  std::string_view summary;  ///< what it does, for /help and README
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
