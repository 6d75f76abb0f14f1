#include <algorithm>
#include <cmath>

#include "commands/common/lookup.hpp"
#include "commands/common/names_reply.hpp"
#include "commands/common/pagination.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_peers(Context& ctx, const Args& args) {
  auto channel = find_channel(ctx, args[0]);
  if (!channel) return channel.refusal();
  auto page = read_page(ctx, args[1], args[2]);
  if (!page) return page.refusal();
  // A long list costs extra: one unit for this many ids.
  constexpr double IdsForAUnit = 1'000;
  const std::uint64_t ids = std::min<std::uint64_t>(page->limit, channel->members().size());
  auto spent = ctx.spend_more(std::floor(static_cast<double>(ids) / IdsForAUnit));
  if (!spent) return spent.refusal();
  ctx.ack(channel->name());
  ctx.deferred().start(list_names(*channel, page->limit, page->after));
  return Effects{};
}

}  // namespace

constexpr Command verbs::peers{"peers",
                               "#channel [limit] [after-id]",
                               "list the ids of a channel's members, with their ranks",
                               "/peers #lobby 100",
                               Access::Described,
                               Cost{2},
                               Replies{FindChannelReplies, NamesReplies, irc::Failure::InvalidValue,
                                       irc::Failure::RateLimited},
                               run_peers,
                               "names"};

}  // namespace signaller::commands
