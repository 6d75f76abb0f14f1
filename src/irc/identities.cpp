#include "irc/identities.hpp"

namespace signaller::irc {

const Identity* Identities::find(const PeerId& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

void Identities::keep(const PeerId& id, Identity identity) {
  erase(id);
  by_age_.emplace(identity.seen_ms, id);
  if (!identity.state.blocks.empty()) blocking_.emplace(identity.seen_ms, id);
  blocks_ += identity.state.blocks.size();
  by_id_.emplace(id, std::move(identity));
}

bool Identities::note_stored(const PeerId& id) {
  const auto found = by_id_.find(id);
  return found != by_id_.end() && (found->second.stored = true);
}

std::optional<PeerId> Identities::drop_blocks(std::size_t most) {
  if (blocks_ <= most) return std::nullopt;
  const PeerId id = blocking_.begin()->second;
  blocking_.erase(blocking_.begin());
  Blocks& blocks = by_id_.at(id).state.blocks;
  blocks_ -= blocks.size();
  blocks.clear();
  return id;
}

void Identities::erase(const PeerId& id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  by_age_.erase({found->second.seen_ms, id});
  blocking_.erase({found->second.seen_ms, id});
  blocks_ -= found->second.state.blocks.size();
  by_id_.erase(found);
}

}  // namespace signaller::irc
