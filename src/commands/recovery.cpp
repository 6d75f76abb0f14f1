#include "commands/recovery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "irc/line.hpp"
#include "irc/restoring.hpp"

namespace signaller::commands {
namespace {

void restore_audit(Core& core, std::vector<port::AuditRecord>&& entries) {
  for (port::AuditRecord& entry : entries) {
    core.last_audit = std::max(core.last_audit, entry.id);
    core.audit.push_back(std::move(entry));
    if (core.audit.size() > core.options.audit_entries) core.audit.pop_front();
  }
}

/// Those with nothing to come back to go, as if their connections had been lost now.
void suspend_all(Core& core, port::Instant now) {
  std::vector<irc::PeerId> gone;
  for (const auto& [id, peer] : core.world.peers()) {
    const std::int64_t for_ms = peer.state().resume_ms;
    const bool full = core.suspended.size() >= core.options.limits.suspended;
    const bool bare = peer.channels().empty() && peer.inbox() == nullptr;
    if (for_ms == 0 || full || bare) {
      gone.push_back(id);
    } else {
      core.suspended.add(id, now.steady_ms + for_ms);
    }
  }
  for (const irc::PeerId& id : gone) core.world.remove(*core.world.find(id), now);
}

void tell_operators(Core& core, port::Effects& out, std::string_view text, port::Instant now) {
  irc::Line line(core.options.server_name, "NOTICE");
  line.param("*").trailing(text);
  line.at(now.unix_ms);
  for (const auto& [id, session] : core.sessions) {
    if (session.operator_name.empty() || session.peer == nullptr || session.closing) continue;
    out.add(port::Send{id, line.render(session.peer->form()), port::FrameClass::Chat, 0, false});
  }
}

}  // namespace

void take_restored(Core& core, port::Snapshot& snapshot, std::vector<std::string>& problems,
                   port::Instant now) {
  restore_audit(core, std::move(snapshot.audit));
  irc::Restoring restoring(core.world, core.random, now, core.options.label_ms);
  restoring.take(std::move(snapshot));
  problems.insert(problems.end(), restoring.problems().begin(), restoring.problems().end());
  suspend_all(core, now);
  core.restored = true;
  if (core.options.durable) (void)core.saving.ask_for_batch();  // the store knows: we have begun
}

void heed_store(Core& core, port::Effects& out, const port::StoreEvent& event, port::Instant now) {
  using Kind = port::StoreEvent::Kind;
  core.saving.set_ready(event.kind == Kind::Ready);
  switch (event.kind) {
    case Kind::Away:
      if (std::exchange(core.told_away, true)) return;  // it has come and gone, and took nothing
      return tell_operators(core, out, fmt::format("The store is away: {}", event.why), now);
    case Kind::Fenced:
      core.fenced = true;
      return tell_operators(core, out, fmt::format("Another server has taken over: {}", event.why),
                            now);
    case Kind::Ready:
      if (event.incomplete) {
        core.saving.try_again_all();
        core.world.mark_all();
        core.world.mark_others(event.names);
        for (const port::AuditRecord& entry : core.audit) core.world.mark(entry);
      }
      if (!event.why.empty()) core.back_why = ": " + event.why;
      (void)core.saving.ask_for_batch();
  }
}

void note_stored(Core& core, port::Effects& out, port::Instant now) {
  if (std::exchange(core.told_away, false)) {
    tell_operators(core, out, "The store is back" + core.back_why, now);
  }
  core.back_why.clear();
}

}  // namespace signaller::commands
