#include "commands/common/lookup.hpp"
#include "commands/common/moderation.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_unmute(Context& ctx, const Args& args) {
  auto subject = find_subject(ctx, args);
  if (!subject) return subject.refusal();
  const auto& [id, channel] = *subject;
  if (!channel.is_muted(id, ctx.now().unix_ms)) {
    return ctx.fail(irc::Failure::NotMuted, {channel.name(), id.text()});
  }
  ctx.world().edit(channel, ctx.now()).mutes.erase(id);
  ctx.ack(channel.name());
  const std::string changes = fmt::format("-{} {}", irc::MuteLetter, id.text());
  Effects out;
  ctx.tell(out, channel, irc::ModeChanged{&ctx.me(), {}, channel, changes});
  ctx.audit(out, audited_name(channel, id), "");
  return out;
}

}  // namespace

constexpr Command verbs::unmute{"unmute",
                                "<peer> #channel",
                                "let a muted peer speak again",
                                "/unmute bob #lobby",
                                Access::Described,
                                Cost{2},
                                Replies{FindSubjectReplies, irc::Failure::NotMuted},
                                run_unmute};

}  // namespace signaller::commands
