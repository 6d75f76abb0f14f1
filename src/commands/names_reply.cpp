#include "commands/names_reply.hpp"

#include <utility>

namespace signaller::commands {
namespace {

constexpr std::size_t NamesInLine = 40;
constexpr std::size_t LinesInPiece = 16;

/// The next line's worth of ids after the cursor, which moves on; empty: no more.
template <class Items, class IdOf>
std::string take_names(const irc::Channel& channel, const Items& items, IdOf id_of, Pump& pump) {
  std::string names;
  auto at = pump.after ? items.upper_bound(*pump.after) : items.begin();
  for (std::size_t n = 0; n < NamesInLine && pump.left > 0 && at != items.end(); ++n, ++at) {
    const irc::PeerId& id = id_of(*at);
    if (!names.empty()) names += ' ';
    names += irc::rank_sign(channel.rank_of(id));
    id.append_to(names);
    pump.after = id;
    ++pump.shown;
    --pump.left;
  }
  return names;
}

std::string take_names(const irc::Channel& channel, Pump& pump) {
  if (pump.ranks_only) {
    const auto itself = [](const irc::PeerId& id) -> const irc::PeerId& { return id; };
    return take_names(channel, channel.ranked(), itself, pump);
  }
  const auto key = [](const auto& member) -> const irc::PeerId& { return member.first; };
  return take_names(channel, channel.members(), key, pump);
}

bool step(Context& ctx, Pump& pump, Effects& out) {
  const auto name = irc::ChannelName::parse(pump.name, irc::ChannelName::MostBytes);
  const irc::Channel* channel = name ? ctx.world().find(*name) : nullptr;
  const port::Lane lane = channel != nullptr ? lane_of(*channel) : 0;
  std::string names;
  for (std::size_t n = 0; channel != nullptr && n < LinesInPiece; ++n) {
    names = take_names(*channel, pump);
    if (names.empty()) break;
    ctx.reply(out, ctx.numeric(irc::Reply::Names, {"=", pump.name}, names), lane);
  }
  if (!names.empty()) return false;
  const std::uint64_t total = channel != nullptr ? channel->members().size() : 0;
  ctx.reply(out,
            ctx.numeric(irc::Reply::EndOfNames,
                        {pump.name, std::to_string(pump.shown), std::to_string(total)}),
            lane);
  return true;
}

}  // namespace

Pump list_names(const irc::Channel& channel, std::uint64_t limit,
                std::optional<irc::PeerId> after) {
  Pump pump;
  pump.step = step;
  pump.name = channel.name();
  pump.left = limit;
  pump.after = after;
  return pump;
}

Pump list_ranks(const irc::Channel& channel) {
  Pump pump = list_names(channel, NoLimit, std::nullopt);
  pump.ranks_only = true;
  return pump;
}

}  // namespace signaller::commands
