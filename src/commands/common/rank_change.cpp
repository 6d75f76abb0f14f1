#include "commands/common/rank_change.hpp"

#include "commands/common/lookup.hpp"
#include "commands/common/moderation.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

/// Whether this id can have a rank in the channel. Refuses with 401, NOT_IN_CHANNEL, 478.
Result<void> check_holder(Context& ctx, const irc::Channel& channel, const irc::PeerId& id,
                          irc::Rank to) {
  if (channel.members().count(id) != 0) return {};
  if (!ctx.world().owner_generation_of(id)) {
    if (ctx.world().find(id) == nullptr) return ctx.refuse(Reply::NoSuchPeer, {id.text()});
    return ctx.fail(irc::Failure::NotInChannel, {channel.name(), id.text()});
  }
  const auto& kept = channel.state().kept;
  const bool fits = kept.count(id) != 0 || kept.size() < ctx.limits().bans;
  if (to != irc::Rank::None && !fits) {
    return ctx.refuse(Reply::ListFull, {channel.name()}, ctx.limits().bans);
  }
  return {};
}

}  // namespace

Result<Effects> change_rank(Context& ctx, const Args& args, RankChange change, irc::Rank rank) {
  auto subject = find_subject(ctx, args);
  if (!subject) return subject.refusal();
  const auto& [id, channel] = *subject;
  const bool gives = change == RankChange::Give;
  const irc::Rank after = gives ? rank : irc::Rank::None;
  auto checked = check_holder(ctx, channel, id, after);
  if (!checked) return checked.refusal();
  ctx.ack(channel.name());
  Effects out;
  const irc::Rank before = ctx.world().rank_or_kept(channel, id);
  const bool differs = gives ? before < rank : before == rank;
  if (!differs) {
    ctx.note(out, irc::Note::NothingChanged, channel.name());
    return out;
  }
  ctx.world().set_rank(channel, id, after, ctx.now());
  const std::string changes =
      fmt::format("{}{} {}", gives ? '+' : '-', irc::mode_letter(rank), id.text());
  ctx.tell(out, channel, irc::ModeChanged{&ctx.me(), {}, channel, changes});
  ctx.audit(out, audited_name(channel, id), "", irc::rank_sign(before), irc::rank_sign(after));
  return out;
}

}  // namespace signaller::commands
