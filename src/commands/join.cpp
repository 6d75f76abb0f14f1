#include "commands/channel_line.hpp"
#include "commands/lookup.hpp"
#include "commands/membership.hpp"
#include "commands/names_reply.hpp"
#include "irc/text.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

constexpr std::size_t LongestToken = 256;

/// Enters a channel, or makes it. Null, and the refusal is set.
irc::Channel* enter(Context& ctx, irc::ChannelName name, std::string_view token, Effects& refusal) {
  irc::Channel* channel = ctx.world().find(name);
  if (ctx.me().channels().size() >= ctx.limits().channels) {
    refusal = ctx.refuse(Reply::TooManyChannels, {name.text()}, ctx.limits().channels);
    return nullptr;
  }
  if (channel == nullptr) {
    return &ctx.world().create(name, ctx.me(), std::string(token), ctx.core().random, ctx.now());
  }
  // A token that the channel does not ask for is ignored: there is nothing it could be wrong for.
  if (!channel->token().empty() && !irc::equal_in_constant_time(token, channel->token())) {
    refusal = ctx.refuse(Reply::WrongToken, {channel->name()});
    return nullptr;
  }
  ctx.world().join(ctx.me(), *channel, irc::Rank::None);
  return channel;
}

/// Tells the members, and the newcomer what it has come into.
Effects welcome_in(Context& ctx, irc::Channel& channel) {
  Effects out;
  const irc::Joined event{ctx.me(), channel};
  if (is_hushed(ctx.core(), ctx.me(), channel)) {
    note_count(ctx.core(), ctx.me(), channel);
    publish_counts(ctx.core(), out, ctx.now());  // the newcomer is told in the CHANNEL line
  } else {
    ctx.tell_others(out, channel, event);
  }
  subscribe(out, ctx.me(), channel.topic_id());
  ctx.reply(out, line_of(event), lane_of(channel));
  if (!channel.topic().empty()) {
    ctx.reply(out, ctx.numeric(Reply::TopicText, {channel.name()}, channel.topic()),
              lane_of(channel));
  }
  ctx.reply(out, channel_line(ctx, channel), lane_of(channel));
  if (!ctx.me().caps().no_names) {
    ctx.start(is_big(ctx.core(), channel) ? list_ranks(channel)
                                          : list_names(channel, NoLimit, std::nullopt));
  }
  return out;
}

Effects run(Context& ctx, const Args& args) {
  const auto name = irc::ChannelName::parse(args[0], ctx.limits().channel);
  if (!name) return ctx.refuse(Reply::BadChannelName, {args[0]}, ctx.limits().channel);
  if (args[1].size() > LongestToken) {
    return ctx.fail(irc::Failure::InvalidValue, {"token"},
                    fmt::format("A token is at most {} bytes", LongestToken));
  }
  const irc::Channel* known = ctx.world().find(*name);
  if (known != nullptr && ctx.me().is_in(*known)) {
    Effects out;
    ctx.ack(known->name());
    ctx.note(out, irc::Note::AlreadyJoined, known->name());
    return out;
  }
  Effects refusal;
  irc::Channel* channel = enter(ctx, *name, args[1], refusal);
  if (channel == nullptr) return refusal;
  ctx.ack(channel->name());
  return welcome_in(ctx, *channel);
}

}  // namespace

constexpr Command verbs::join{"join",
                              "#channel [token]",
                              "enter a channel; if there is none, make it and be its operator",
                              "/join #lobby",
                              Access::Described,
                              Cost{2},
                              run};

}  // namespace signaller::commands
