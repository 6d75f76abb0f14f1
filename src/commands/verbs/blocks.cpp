#include "commands/context/context.hpp"

namespace signaller::commands {
namespace {

constexpr std::size_t IdsInLine = 40;

/// Sends `:<server> BLOCKS <me> <count> :<id> …` in as many lines as needed, at least one.
Result<Effects> run_blocks(Context& ctx, const Args& /*args*/) {
  const irc::Blocks& blocks = ctx.me().state().blocks;
  Effects out;
  auto at = blocks.begin();
  do {
    std::string ids;
    for (std::size_t n = 0; n < IdsInLine && at != blocks.end(); ++n, ++at) {
      if (n > 0) ids += ' ';
      at->first.append_to(ids);
    }
    ctx.reply(out, ctx.server_line("BLOCKS")
                       .param(ctx.me().id())
                       .param(std::uint64_t{blocks.size()})
                       .trailing(ids));
  } while (at != blocks.end());
  return out;
}

}  // namespace

constexpr Command verbs::blocks{"blocks",
                                "",
                                "list the peers that you have blocked",
                                "/blocks",
                                Access::Described,
                                Cost{1},
                                Replies{},
                                run_blocks};

}  // namespace signaller::commands
