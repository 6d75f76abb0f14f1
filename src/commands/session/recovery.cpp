#include "commands/session/recovery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "irc/line.hpp"
#include "irc/world_loader.hpp"

namespace signaller::commands {
namespace {

void restore_audit(SlashState& slash, std::vector<port::AuditRecord>&& entries) {
  for (port::AuditRecord& entry : entries) {
    slash.last_audit = std::max(slash.last_audit, entry.id);
    slash.audit.push_back(std::move(entry));
    if (slash.audit.size() > slash.options.audit_entries) slash.audit.pop_front();
  }
}

/// Suspends the peers, as if their connections had been lost now. Removes peers that have neither
/// channels nor mail.
void suspend_all(SlashState& slash, port::Instant now) {
  std::vector<irc::PeerId> gone;
  for (const auto& [id, peer] : slash.world.peers()) {
    const std::int64_t for_ms = peer.state().resume_ms;
    const bool full = slash.suspended.size() >= slash.options.limits.suspended;
    const bool bare = peer.channels().empty() && peer.inbox() == nullptr;
    if (for_ms == 0 || full || bare) {
      gone.push_back(id);
    } else {
      slash.suspended.add(id, now.steady_ms + for_ms);
    }
  }
  for (const irc::PeerId& id : gone) slash.world.remove(*slash.world.find(id), now);
}

void tell_operators(SlashState& slash, port::Effects& out, std::string_view text,
                    port::Instant now) {
  irc::Line line(slash.options.server_name, "NOTICE");
  line.param("*").trailing(text);
  line.at(now.unix_ms);
  for (const auto& [id, session] : slash.sessions) {
    if (session.operator_name.empty() || session.peer == nullptr || session.closing) continue;
    out.add(port::Send{id, line.render(session.peer->form()), port::FrameClass::Chat, 0, false});
  }
}

}  // namespace

void take_restored(SlashState& slash, port::Snapshot& snapshot, std::vector<std::string>& problems,
                   port::Instant now) {
  restore_audit(slash, std::move(snapshot.audit));
  irc::WorldLoader loader(slash.world, slash.random, now, slash.options.label_ms);
  loader.take(std::move(snapshot));
  problems.insert(problems.end(), loader.problems().begin(), loader.problems().end());
  suspend_all(slash, now);
  slash.restored = true;
  // A batch, even if empty, tells the store that this server has started.
  if (slash.options.durable) (void)slash.write_behind.ask_for_batch();
}

void on_store_event(SlashState& slash, port::Effects& out, const port::StoreEvent& event,
                    port::Instant now) {
  using Kind = port::StoreEvent::Kind;
  slash.write_behind.set_ready(event.kind == Kind::Ready);
  switch (event.kind) {
    case Kind::Away:
      // Operators were told of this outage already: since then the store has taken no batch.
      if (std::exchange(slash.told_away, true)) return;
      return tell_operators(slash, out, fmt::format("The store is unavailable: {}", event.why),
                            now);
    case Kind::Fenced:
      slash.fenced = true;
      return tell_operators(
          slash, out, fmt::format("Another server has taken over the store: {}", event.why), now);
    case Kind::Ready:
      if (event.incomplete) {
        slash.write_behind.try_again_all();
        slash.world.changes().mark_all();
        slash.world.changes().mark_leftovers(event.names);
        for (const port::AuditRecord& entry : slash.audit) slash.world.changes().add(entry);
      }
      if (!event.why.empty()) slash.back_why = ". All data is written to it again: " + event.why;
      (void)slash.write_behind.ask_for_batch();
  }
}

void note_stored(SlashState& slash, port::Effects& out, port::Instant now) {
  if (std::exchange(slash.told_away, false)) {
    tell_operators(slash, out, "The store is available again" + slash.back_why, now);
  }
  slash.back_why.clear();
}

}  // namespace signaller::commands
