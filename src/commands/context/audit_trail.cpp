#include "commands/context/audit_trail.hpp"

#include <cstddef>
#include <utility>

#include "irc/text/text.hpp"

namespace signaller::commands {

bool AuditTrail::use_power(std::string_view target) {
  if (!request_.is_server_operator()) return false;
  power_ = target;
  return true;
}

void AuditTrail::note_power(port::Effects& out) {
  if (!power_.empty() && !noted_) note(out, power_, "");
}

void AuditTrail::note(port::Effects& out, std::string_view target, std::string_view reason,
                      std::string_view before, std::string_view after) {
  if (request_.is_server_operator()) note_always(out, target, reason, before, after);
}

void AuditTrail::note_always(port::Effects& out, std::string_view target, std::string_view reason,
                             std::string_view before, std::string_view after) {
  constexpr std::size_t MostBytes = 512;  // maximum for each text of an entry
  noted_ = true;
  SlashState& slash = request_.slash;
  port::AuditRecord record;
  record.id = ++slash.last_audit;
  record.unix_ms = request_.now.unix_ms;
  record.actor = request_.described() ? request_.session.peer->id().text() : "*";
  record.operator_name = request_.session.operator_name;
  record.verb = request_.command->name;
  record.target = irc::cut_utf8(target, MostBytes);
  record.reason = irc::cut_utf8(reason, MostBytes);
  record.before = irc::cut_utf8(before, MostBytes);
  record.after = irc::cut_utf8(after, MostBytes);
  slash.audit.push_back(record);
  while (slash.audit.size() > slash.options.audit_entries) slash.audit.pop_front();
  slash.world.changes().add(record);
  out.add(port::Audit{std::move(record)});
}

}  // namespace signaller::commands
