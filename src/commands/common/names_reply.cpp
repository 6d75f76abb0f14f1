#include "commands/common/names_reply.hpp"

#include <utility>

namespace signaller::commands {
namespace {

constexpr std::size_t NamesInLine = 40;
constexpr std::size_t LinesInPiece = 16;

/// Returns the names of the next line, those after `part.after`, and moves `part.after` to the last
/// of them. Returns an empty text if no name is left.
template <class Items, class IdOf>
std::string take_names(const irc::Channel& channel, const Items& items, IdOf id_of,
                       ReplyPart& part) {
  std::string names;
  auto at = part.after ? items.upper_bound(*part.after) : items.begin();
  for (std::size_t n = 0; n < NamesInLine && part.left > 0 && at != items.end(); ++n, ++at) {
    const irc::PeerId& id = id_of(*at);
    if (!names.empty()) names += ' ';
    names += irc::rank_sign(channel.rank_of(id));
    id.append_to(names);
    part.after = id;
    ++part.shown;
    --part.left;
  }
  return names;
}

std::string take_names(const irc::Channel& channel, ReplyPart& part) {
  if (part.ranks_only) {
    const auto itself = [](const irc::PeerId& id) -> const irc::PeerId& { return id; };
    return take_names(channel, channel.ranked(), itself, part);
  }
  const auto key = [](const auto& member) -> const irc::PeerId& { return member.first; };
  return take_names(channel, channel.members(), key, part);
}

bool members_step(Context& ctx, ReplyPart& part, Effects& out) {
  const auto name = irc::ChannelName::parse(part.name, irc::ChannelName::MostBytes);
  const irc::Channel* channel = name ? ctx.world().find(*name) : nullptr;
  const port::Lane lane = channel != nullptr ? lane_of(*channel) : 0;
  std::string names;
  for (std::size_t n = 0; channel != nullptr && n < LinesInPiece; ++n) {
    names = take_names(*channel, part);
    if (names.empty()) break;
    ctx.reply(out, ctx.numeric(irc::Reply::Names, {"=", part.name}, names), lane);
  }
  if (!names.empty()) return false;
  const std::uint64_t total = channel != nullptr ? channel->members().size() : 0;
  ctx.reply(out,
            ctx.numeric(irc::Reply::EndOfNames,
                        {part.name, std::to_string(part.shown), std::to_string(total)}),
            lane);
  return true;
}

}  // namespace

ReplyPart list_names(const irc::Channel& channel, std::uint64_t limit,
                     std::optional<irc::PeerId> after) {
  ReplyPart part;
  part.step = members_step;
  part.name = channel.name();
  part.left = limit;
  part.after = after;
  return part;
}

ReplyPart list_ranks(const irc::Channel& channel) {
  ReplyPart part = list_names(channel, NoLimit, std::nullopt);
  part.ranks_only = true;
  return part;
}

}  // namespace signaller::commands
