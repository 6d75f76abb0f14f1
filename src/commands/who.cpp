#include <algorithm>
#include <cmath>

#include "commands/lookup.hpp"
#include "commands/paging.hpp"
#include "irc/json_writer.hpp"

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

bool step(Context& ctx, Pump& pump, Effects& out) {
  const auto name = irc::ChannelName::parse(pump.name, irc::ChannelName::MostBytes);
  const irc::Channel* channel = name ? ctx.world().find(*name) : nullptr;
  const port::Lane lane = channel != nullptr ? lane_of(*channel) : 0;
  if (channel != nullptr) {
    const auto& members = channel->members();
    std::size_t bytes = 0;
    for (auto at = pump.after ? members.upper_bound(*pump.after) : members.begin();
         at != members.end() && pump.left > 0; ++at) {
      const std::string json = member_json(at->second);
      bytes += json.size();
      pump.after = at->first;
      --pump.left;
      ctx.reply(out, ctx.server_line("PEER").param(pump.name).trailing(json), lane);
      if (bytes >= PumpBytes) return false;
    }
  }
  ctx.reply(out, ctx.numeric(irc::Reply::EndOfWho, {pump.name}), lane);
  return true;
}

Effects run(Context& ctx, const Args& args) {
  const auto channel = find_channel(ctx, args[0]);
  if (!channel) return channel.refusal;
  Effects refusal;
  const auto page = read_page(ctx, args[1], args[2], refusal);
  if (!page) return refusal;
  // Much to show costs more.
  constexpr double LinesForAUnit = 100;
  const std::uint64_t lines = std::min<std::uint64_t>(page->limit, channel->members().size());
  refusal = ctx.spend_more(std::floor(static_cast<double>(lines) / LinesForAUnit));
  if (ctx.refused()) return refusal;
  Pump pump;
  pump.step = step;
  pump.name = channel->name();
  pump.left = page->limit;
  pump.after = page->after;
  ctx.ack(channel->name());
  ctx.start(std::move(pump));
  return {};
}

}  // namespace

constexpr Command verbs::who{"who",
                             "#channel [limit] [after-id]",
                             "describe a channel's members, one in a line",
                             "/who #lobby 20",
                             Access::Described,
                             Cost{2},
                             run};

}  // namespace signaller::commands
