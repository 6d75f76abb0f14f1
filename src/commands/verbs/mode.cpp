#include <algorithm>

#include "commands/common/lookup.hpp"
#include "commands/common/mode_changes.hpp"
#include "irc/text/text.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

Result<Effects> show_modes(Context& ctx, std::string_view name) {
  auto channel = find_channel(ctx, name);
  if (!channel) return channel.refusal();
  irc::Line line = ctx.numeric(Reply::ModesAre, {channel->name()});
  const std::string modes = channel->modes_text();
  line.params(modes.empty() ? std::string_view("+") : modes);
  ctx.ack(channel->name());
  Effects out;
  ctx.reply(out, std::move(line), lane_of(*channel));
  return out;
}

/// Refuses with 478 if the server, or the creator of this channel, has too many persistent
/// channels.
Result<void> check_persistent(Context& ctx, const irc::Channel& channel) {
  std::size_t all = 0;
  std::size_t of_creator = 0;
  for (const auto& [name, other] : ctx.world().channels()) {
    if (!other.modes().persistent) continue;
    ++all;
    if (other.creator() == channel.creator()) ++of_creator;
  }
  const Limits& limits = ctx.limits();
  if (of_creator >= limits.persistent_each) {
    return ctx.refuse(Reply::ListFull, {channel.name()}, limits.persistent_each);
  }
  if (all >= limits.persistent) {
    return ctx.refuse(Reply::ListFull, {channel.name()}, limits.persistent);
  }
  return {};
}

void put_modes(Context& ctx, irc::Channel& channel, const ModeDraft& draft) {
  irc::ChannelState& state = ctx.world().edit(channel, ctx.now());
  state.modes = draft.modes;
  if (!draft.has_token) state.token.reset();
  if (draft.token) state.token = ctx.slash().hash.digest(irc::fold(channel.name()), *draft.token);
  if (!draft.modes.slow_s) irc::World::last_spoken(channel).clear();
}

Result<Effects> change_modes(Context& ctx, std::string_view name, std::string_view changes) {
  auto channel = find_operated(ctx, name);
  if (!channel) return channel.refusal();
  const ModeDraft now{channel->modes(), channel->state().token.has_value(), std::nullopt, {}};
  auto draft = apply_changes(ctx, changes, now);
  if (!draft) return draft.refusal();
  if (draft->modes.persistent && !channel->modes().persistent) {
    if (auto checked = check_persistent(ctx, *channel); !checked) return checked.refusal();
  }
  ctx.ack(channel->name());
  Effects out;
  if (draft->shown.empty()) {
    ctx.note(out, irc::Note::NothingChanged, channel->name());
    return out;
  }
  const std::string before = channel->modes_text();
  put_modes(ctx, *channel, *draft);
  ctx.tell(out, *channel, irc::ModeChanged{&ctx.me(), {}, *channel, draft->shown});
  ctx.audit(out, channel->name(), draft->shown, before, channel->modes_text());
  ctx.world().drop_if_empty(*channel);  // deletes the channel if only +P kept it
  return out;
}

Result<Effects> run_mode(Context& ctx, const Args& args) {
  return args.has(1) ? change_modes(ctx, args[0], args[1]) : show_modes(ctx, args[0]);
}

constexpr std::string_view Summary = "show or set: "
#define FLAG_MODE(letter, member, help, meaning) #letter " " help ", "
#define NUMBER_MODE(letter, member, name, least, most, help, value, meaning) #letter " " help ", "
#define TOKEN_MODE(letter, name, most, help, value, meaning) #letter " " help ", "
#include "irc/modes.def"
    ;

}  // namespace

constexpr Command verbs::mode{
    "mode",
    "#channel [changes]",
    Summary.substr(0, Summary.size() - 2),  // without the last separator
    "/mode #lobby +mS-i 10",
    Access::Described,
    Cost{2},
    Replies{FindOperatedReplies, Reply::ModesAre, Reply::ListFull, irc::Failure::UnknownMode,
            irc::Failure::InvalidValue, irc::Note::NothingChanged},
    run_mode};

}  // namespace signaller::commands
