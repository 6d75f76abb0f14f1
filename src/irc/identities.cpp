#include "irc/identities.hpp"

namespace signaller::irc {

const Identity* Identities::find(const PeerId& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

void Identities::keep(const PeerId& id, Identity identity) {
  erase(id);
  by_age_.emplace(identity.seen_ms, id);
  by_id_.emplace(id, std::move(identity));
}

void Identities::erase(const PeerId& id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  by_age_.erase({found->second.seen_ms, id});
  by_id_.erase(found);
}

}  // namespace signaller::irc
