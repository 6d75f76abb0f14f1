#include "commands/lookup.hpp"
#include "commands/paging.hpp"
#include "irc/text.hpp"

namespace signaller::commands {
namespace {

constexpr std::uint64_t UsualLimit = 200;
constexpr std::string_view AfterWord = "after ";

bool begins_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool step(Context& ctx, Pump& pump, Effects& out) {
  const auto& channels = ctx.world().channels();
  std::size_t bytes = 0;
  auto at =
      pump.name < pump.prefix ? channels.lower_bound(pump.prefix) : channels.upper_bound(pump.name);
  for (; at != channels.end() && pump.left > 0 && begins_with(at->first, pump.prefix); ++at) {
    const irc::Channel& channel = at->second;
    if (bytes >= PumpBytes) return false;
    pump.name = at->first;
    bytes += channel.name().size();  // a hidden one takes time, too
    if (!may_see(ctx, channel) && !ctx.is_server_operator()) continue;
    ctx.reply(out, ctx.numeric(irc::Reply::ListItem,
                               {channel.name(), std::to_string(channel.members().size())},
                               channel.topic()));
    bytes += channel.topic().size() + 64;
    --pump.left;
  }
  ctx.reply(out, ctx.numeric(irc::Reply::EndOfList, {}));
  return true;
}

Effects run(Context& ctx, const Args& args) {
  Effects refusal;
  const auto limit = read_limit(ctx, args[1], UsualLimit, refusal);
  if (!limit) return refusal;
  std::string_view after = args[2];
  if (begins_with(after, AfterWord)) after.remove_prefix(AfterWord.size());
  if (!after.empty() && !irc::ChannelName::parse(after, irc::ChannelName::MostBytes)) {
    return ctx.refuse(irc::Reply::BadChannelName, {after}, ctx.limits().channel);
  }
  Pump pump;
  pump.step = step;
  pump.prefix = irc::fold(args[0]);
  pump.name = irc::fold(after);
  pump.left = *limit;
  ctx.start(std::move(pump));
  return {};
}

}  // namespace

constexpr Command verbs::list{"list",
                              "[#prefix] [limit] [after #channel]",
                              "list the channels by name, 200 of them unless told",
                              "/list #game 50",
                              Access::Described,
                              Cost{2},
                              run};

}  // namespace signaller::commands
