#include <algorithm>
#include <cmath>

#include "commands/common/lookup.hpp"
#include "commands/common/names_reply.hpp"
#include "commands/common/pagination.hpp"

namespace signaller::commands {
namespace {

Effects run_peers(Context& ctx, const Args& args) {
  const auto channel = find_channel(ctx, args[0]);
  if (!channel) return channel.refusal;
  Effects refusal;
  const auto page = read_page(ctx, args[1], args[2], refusal);
  if (!page) return refusal;
  // Much to show costs more.
  constexpr double IdsForAUnit = 1'000;
  const std::uint64_t ids = std::min<std::uint64_t>(page->limit, channel->members().size());
  refusal = ctx.spend_more(std::floor(static_cast<double>(ids) / IdsForAUnit));
  if (ctx.refused()) return refusal;
  ctx.ack(channel->name());
  ctx.start(list_names(*channel, page->limit, page->after));
  return {};
}

}  // namespace

constexpr Command verbs::peers{"peers",
                               "#channel [limit] [after-id]",
                               "list the ids of a channel's members, with their ranks",
                               "/peers #lobby 100",
                               Access::Described,
                               Cost{2},
                               run_peers,
                               "names"};

}  // namespace signaller::commands
