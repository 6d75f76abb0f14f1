#include "commands/common/channel_burst.hpp"
#include "commands/common/lookup.hpp"
#include "commands/common/replay.hpp"
#include "commands/session/membership.hpp"
#include "irc/text/text.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

std::optional<port::Digest> digest_of(Context& ctx, irc::ChannelName name, std::string_view token) {
  if (token.empty()) return std::nullopt;
  return ctx.slash().hash.digest(irc::fold(name.text()), token);
}

/// The reason why a peer may not join a channel.
struct Obstacle {
  Reply reply;
  std::string_view ignored;  ///< how the audit log names a JOIN that ignores the obstacle
};

/// The obstacle to the caller, or nothing. An invited caller needs no token.
std::optional<Obstacle> find_obstacle(Context& ctx, const irc::Channel& channel,
                                      const std::optional<port::Digest>& token) {
  const irc::PeerId& id = ctx.me().id();
  const irc::ChannelState& state = channel.state();
  if (channel.is_banned(id, ctx.now().unix_ms)) {
    return Obstacle{Reply::Banned, "in spite of a ban"};
  }
  const bool invited = channel.is_invited(ctx.me(), ctx.now().unix_ms);
  if (state.token && !invited && (!token || !port::same_digest(*token, *state.token))) {
    return Obstacle{Reply::WrongToken, "without the token"};
  }
  if (state.modes.invite_only && !invited) {
    return Obstacle{Reply::InviteOnly, "without an invitation"};
  }
  const auto limit = state.modes.limit;
  if (limit && channel.members().size() >= *limit) {
    return Obstacle{Reply::ChannelFull, "above the limit of members"};
  }
  return std::nullopt;
}

/// Checks whether the caller may join. A server operator may always join; the returned effects then
/// write an entry to the audit log.
Result<Effects> check_entry(Context& ctx, const irc::Channel& channel,
                            const std::optional<port::Digest>& token) {
  const auto obstacle = find_obstacle(ctx, channel, token);
  if (!obstacle) return Effects{};
  if (!ctx.is_server_operator()) {
    return ctx.refuse(obstacle->reply, {channel.name()}, channel.modes().limit.value_or(0));
  }
  Effects out;
  ctx.audit(out, channel.name(),
            fmt::format("joined {} ({})", obstacle->ignored, irc::info(obstacle->reply).code));
  return out;
}

/// Joins a channel, or creates it.
Result<irc::Channel&> enter(Context& ctx, Effects& out, irc::ChannelName name,
                            std::string_view token) {
  irc::Channel* channel = ctx.world().find(name);
  if (ctx.me().channels().size() >= ctx.limits().channels) {
    return ctx.refuse(Reply::TooManyChannels, {name.text()}, ctx.limits().channels);
  }
  const auto digest = digest_of(ctx, name, token);
  if (channel == nullptr) {
    return ctx.world().create(name, ctx.me(), digest, ctx.slash().random, ctx.now());
  }
  auto entry = check_entry(ctx, *channel, digest);
  if (!entry) return entry.refusal();
  out += std::move(*entry);
  if (channel->state().invites.count(ctx.me().id()) != 0) {
    ctx.world().edit(*channel, ctx.now()).invites.erase(ctx.me().id());
  }
  ctx.world().join(ctx.me(), *channel);
  return *channel;
}

/// Replays the last messages, if the caller has the cap `tags` and so can tell them from new ones.
void show_history(Context& ctx, irc::Channel& channel) {
  const std::size_t wanted =
      channel.modes().history.value_or(static_cast<std::uint32_t>(ctx.options().history.on_join));
  ctx.world().channel_logs().expire(channel, ctx.now());
  const irc::MessageLog& log = channel.log();
  const std::size_t count = std::min(wanted, log.size());
  if (!ctx.me().caps().tags || count == 0) return;
  const bool whole = count == wanted || log[0]->seq == 1;
  ctx.deferred().start(replay_messages(channel, log.slice(log.size() - count, log.size()), whole));
}

/// Tells the members which rank the channel has kept for the caller. The caller is told, too, if it
/// gets no list of names.
void tell_rank(Context& ctx, Effects& out, const irc::Channel& channel) {
  const irc::Rank rank = channel.rank_of(ctx.me().id());
  if (rank == irc::Rank::None) return;
  const std::string changes = fmt::format("+{} {}", irc::mode_letter(rank), ctx.me().id().text());
  const irc::ModeChanged event{nullptr, ctx.options().server_name, channel, changes};
  ctx.tell_others(out, channel, event);
  if (ctx.me().caps().no_names) ctx.reply(out, line_of(event), lane_of(channel));
}

enum class Created : std::uint8_t { No, Yes };

/// Sends JOIN to the other members, and describes the channel to the caller. A channel that
/// suppresses JOIN sends the new member count instead.
void welcome_in(Context& ctx, Effects& out, irc::Channel& channel, Created created) {
  if (is_suppressed(ctx.slash(), ctx.me(), channel)) {
    note_count(ctx.slash(), ctx.me(), channel);
    // Sends COUNT to the members before the caller is subscribed: the caller sees the count in its
    // CHANNEL line.
    publish_counts(ctx.slash(), out, ctx.now());
  } else {
    ctx.tell_others(out, channel, irc::Joined{ctx.me(), channel});
  }
  show_channel(ctx, out, channel);
  if (created == Created::No) tell_rank(ctx, out, channel);
  if (auto names = names_on_entering(ctx, channel)) ctx.deferred().start(std::move(*names));
  show_history(ctx, channel);
}

Result<Effects> run_join(Context& ctx, const Args& args) {
  const auto name = irc::ChannelName::parse(args[0], irc::ChannelName::MostBytes);
  const irc::Channel* known = name ? ctx.world().find(*name) : nullptr;
  if (known == nullptr && !irc::ChannelName::parse(args[0], ctx.limits().channel)) {
    return ctx.refuse(Reply::BadChannelName, {args[0]}, ctx.limits().channel);
  }
  if (args[1].size() > irc::LongestToken) {
    return ctx.fail(irc::Failure::InvalidValue, {"token"},
                    fmt::format("A token must have at most {} bytes", irc::LongestToken));
  }
  if (known != nullptr && ctx.me().is_in(*known)) {
    Effects out;
    ctx.ack(known->name());
    ctx.note(out, irc::Note::AlreadyJoined, known->name());
    return out;
  }
  Effects out;
  auto channel = enter(ctx, out, *name, args[1]);
  if (!channel) return channel.refusal();
  ctx.ack(channel->name());
  welcome_in(ctx, out, *channel, known == nullptr ? Created::Yes : Created::No);
  return out;
}

}  // namespace

constexpr Command verbs::join{
    "join",
    "#channel [token]",
    "enter a channel; if it does not exist, create it and become its operator",
    "/join #lobby",
    Access::Described,
    Cost{2},
    Replies{ChannelBurstReplies, Reply::BadChannelName, Reply::TooManyChannels, Reply::Banned,
            Reply::WrongToken, Reply::InviteOnly, Reply::ChannelFull, irc::Failure::InvalidValue,
            irc::Note::AlreadyJoined},
    run_join};

}  // namespace signaller::commands
