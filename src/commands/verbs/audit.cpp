#include <algorithm>

#include "commands/common/pagination.hpp"
#include "commands/context/context.hpp"

namespace signaller::commands {
namespace {

constexpr std::uint64_t UsualEntries = 20;

/// The text of an entry: the reason, and the state before and after.
std::string text_of(const port::AuditRecord& record) {
  if (record.before.empty() && record.after.empty()) return record.reason;
  std::string text = record.reason.empty() ? "" : record.reason + ' ';
  text += '(';
  if (!record.before.empty()) text += "was: " + record.before;
  if (!record.before.empty() && !record.after.empty()) text += "; ";
  if (!record.after.empty()) text += "is: " + record.after;
  return text + ')';
}

/// The actor in the form of a source: `root!<id>`; without the name of a server operator, only the
/// id.
std::string actor_of(const port::AuditRecord& record) {
  if (record.operator_name.empty()) return record.actor;
  return record.operator_name + '!' + record.actor;
}

/// Shows the entries after the last shown entry (`since`).
bool step(Context& ctx, ReplyPart& part, Effects& out) {
  const auto& entries = ctx.slash().audit;
  const auto after = [](std::uint64_t id, const port::AuditRecord& record) {
    return id < record.id;
  };
  std::size_t bytes = 0;
  for (auto at = std::upper_bound(entries.begin(), entries.end(), part.since, after);
       at != entries.end(); ++at) {
    if (bytes >= ReplyPieceBytes) return false;
    part.since = at->id;
    irc::Line line = ctx.server_line("AUDIT").param(ctx.me().id()).param(at->id);
    line.param(std::to_string(at->unix_ms)).param(actor_of(*at)).param(at->verb);
    line.param(at->target).trailing(text_of(*at));
    bytes += line.plain().size();
    ctx.reply(out, std::move(line));
  }
  return true;
}

Result<Effects> run_audit(Context& ctx, const Args& args) {
  auto limit = read_limit(ctx, args[0], UsualEntries);
  if (!limit) return limit.refusal();
  const auto& entries = ctx.slash().audit;
  ReplyPart part;
  part.step = step;
  if (entries.size() > *limit) part.since = entries[entries.size() - *limit - 1].id;
  ctx.deferred().start(std::move(part));
  return Effects{};
}

}  // namespace

constexpr Command verbs::audit{
    "audit",
    "[limit]",
    "show the log of the operators' actions, by default the last 20 entries",
    "/audit 50",
    Access::ServerOperator,
    Cost{2},
    Replies{irc::Failure::InvalidValue},
    run_audit};

}  // namespace signaller::commands
