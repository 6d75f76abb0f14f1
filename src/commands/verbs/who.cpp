#include <algorithm>
#include <cmath>

#include "commands/common/lookup.hpp"
#include "commands/common/pagination.hpp"
#include "irc/text/json_writer.hpp"

namespace signaller::commands {
namespace {

/// `{"id","nick","name","info","rank","away","state"}`
std::string member_json(const irc::Member& member) {
  const irc::Peer& peer = *member.peer;
  irc::JsonWriter json;
  irc::append_public(json, peer);
  json.member("rank").string(irc::rank_sign(member.rank));
  json.member("away").string_or_null(peer.away().value_or(""));
  json.member("state").string(irc::state_text(peer));
  return json.done();
}

bool step(Context& ctx, ReplyPart& part, Effects& out) {
  const auto name = irc::ChannelName::parse(part.name, irc::ChannelName::MostBytes);
  const irc::Channel* channel = name ? ctx.world().find(*name) : nullptr;
  const port::Lane lane = channel != nullptr ? lane_of(*channel) : 0;
  if (channel != nullptr) {
    const auto& members = channel->members();
    std::size_t bytes = 0;
    for (auto at = part.after ? members.upper_bound(*part.after) : members.begin();
         at != members.end() && part.left > 0; ++at) {
      const std::string json = member_json(at->second);
      bytes += json.size();
      part.after = at->first;
      --part.left;
      ctx.reply(out, ctx.server_line("PEER").param(part.name).trailing(json), lane);
      if (bytes >= ReplyPieceBytes) return false;
    }
  }
  ctx.reply(out, ctx.numeric(irc::Reply::EndOfWho, {part.name}), lane);
  return true;
}

Result<Effects> run_who(Context& ctx, const Args& args) {
  auto channel = find_channel(ctx, args[0]);
  if (!channel) return channel.refusal();
  auto page = read_page(ctx, args[1], args[2]);
  if (!page) return page.refusal();
  // A long list costs extra: one unit for this many lines.
  constexpr double LinesForAUnit = 100;
  const std::uint64_t lines = std::min<std::uint64_t>(page->limit, channel->members().size());
  auto spent = ctx.spend_more(std::floor(static_cast<double>(lines) / LinesForAUnit));
  if (!spent) return spent.refusal();
  ReplyPart part;
  part.step = step;
  part.name = channel->name();
  part.left = page->limit;
  part.after = page->after;
  ctx.ack(channel->name());
  ctx.deferred().start(std::move(part));
  return Effects{};
}

}  // namespace

constexpr Command verbs::who{"who",
                             "#channel [limit] [after-id]",
                             "describe a channel's members, one per line",
                             "/who #lobby 20",
                             Access::Described,
                             Cost{2},
                             Replies{FindChannelReplies, irc::Reply::EndOfWho,
                                     irc::Failure::InvalidValue, irc::Failure::RateLimited},
                             run_who};

}  // namespace signaller::commands
