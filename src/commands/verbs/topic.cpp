#include <utility>

#include "commands/common/lookup.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

Result<Effects> show_topic(Context& ctx, std::string_view name) {
  auto channel = find_channel(ctx, name);
  if (!channel) return channel.refusal();
  ctx.ack(channel->name());
  Effects out;
  const auto line = channel->topic().empty()
                        ? ctx.numeric(Reply::NoTopic, {channel->name()})
                        : ctx.numeric(Reply::TopicText, {channel->name()}, channel->topic());
  ctx.reply(out, line, lane_of(*channel));
  return out;
}

Result<Effects> run_topic(Context& ctx, const Args& args) {
  if (!args.has(1)) return show_topic(ctx, args[0]);
  // As in IRC, a lone `:` sets an empty topic: an empty argument would count as missing.
  const std::string_view text = args[1] == ":" ? std::string_view{} : args[1];
  if (text.size() > ctx.limits().topic) {
    return ctx.too_long("TOPICLEN", ctx.limits().topic, text.size());
  }
  auto channel = find_operated(ctx, args[0]);
  if (!channel) return channel.refusal();
  ctx.ack(channel->name());
  const std::string before =
      std::exchange(ctx.world().edit(*channel, ctx.now()).topic, std::string(text));
  Effects out;
  ctx.tell(out, *channel, irc::TopicChanged{ctx.me(), *channel});
  ctx.audit(out, channel->name(), "", before, text);
  return out;
}

}  // namespace

constexpr Command verbs::topic{
    "topic",
    "#channel [text...]",
    "show a channel's topic; with operator rank: set it (: clears it)",
    "/topic #lobby be kind",
    Access::Described,
    Cost{1},
    Replies{FindOperatedReplies, Reply::TooLong, Reply::NoTopic, Reply::TopicText},
    run_topic};

}  // namespace signaller::commands
