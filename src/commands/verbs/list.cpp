#include "commands/common/lookup.hpp"
#include "commands/common/pagination.hpp"
#include "irc/text/text.hpp"

namespace signaller::commands {
namespace {

constexpr std::uint64_t UsualLimit = 200;
constexpr std::string_view AfterWord = "after ";

bool begins_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool step(Context& ctx, ReplyPart& part, Effects& out) {
  const auto& channels = ctx.world().channels();
  std::size_t bytes = 0;
  auto at =
      part.name < part.prefix ? channels.lower_bound(part.prefix) : channels.upper_bound(part.name);
  for (; at != channels.end() && part.left > 0 && begins_with(at->first, part.prefix); ++at) {
    const irc::Channel& channel = at->second;
    if (bytes >= ReplyPieceBytes) return false;
    part.name = at->first;
    bytes += channel.name().size();  // hidden channels count, too, because skipping them takes time
    if (!may_see(ctx, channel) && !ctx.is_server_operator()) continue;
    ctx.reply(out, ctx.numeric(irc::Reply::ListItem,
                               {channel.name(), std::to_string(channel.members().size())},
                               channel.topic()));
    bytes += channel.topic().size() + 64;
    --part.left;
  }
  ctx.reply(out, ctx.numeric(irc::Reply::EndOfList, {}));
  return true;
}

Result<Effects> run_list(Context& ctx, const Args& args) {
  auto limit = read_limit(ctx, args[1], UsualLimit);
  if (!limit) return limit.refusal();
  std::string_view after = args[2];
  if (begins_with(after, AfterWord)) after.remove_prefix(AfterWord.size());
  if (!after.empty() && !irc::ChannelName::parse(after, irc::ChannelName::MostBytes)) {
    return ctx.refuse(irc::Reply::BadChannelName, {after}, ctx.limits().channel);
  }
  ReplyPart part;
  part.step = step;
  part.prefix = irc::fold(args[0]);
  part.name = irc::fold(after);
  part.left = *limit;
  ctx.deferred().start(std::move(part));
  return Effects{};
}

}  // namespace

constexpr Command verbs::list{
    "list",
    "[#prefix] [limit] [after #channel]",
    "list the channels in order of their names, 200 unless you give a limit",
    "/list #game 50",
    Access::Described,
    Cost{2},
    Replies{irc::Reply::BadChannelName, irc::Reply::ListItem, irc::Reply::EndOfList,
            irc::Failure::InvalidValue},
    run_list};

}  // namespace signaller::commands
