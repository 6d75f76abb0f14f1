// What of the world survives: its changes as records.
#include "irc/text.hpp"
#include "irc/world.hpp"

namespace signaller::irc {
namespace {

port::PeerRecord record_of(const Peer& peer) {
  port::PeerRecord record;
  record.id = peer.id().text();
  record.nick = peer.nick();
  record.name = peer.name();
  record.info = peer.profile().info;
  record.away = peer.away();
  record.created_ms = peer.created_ms();
  record.updated_ms = peer.updated_ms();
  return record;
}

}  // namespace

void World::mark_member(const Peer& peer, const Channel& channel) {
  dirty_.members.emplace(fold(channel.name_), peer.id_);
}

Dirty World::take_dirty() {
  Dirty taken;
  std::swap(taken, dirty_);
  return taken;
}

std::vector<port::Record> World::records(const Dirty& dirty) const {
  std::vector<port::Record> records;
  records.reserve(dirty.peers.size() + dirty.channels.size() + dirty.members.size());
  for (const auto& id : dirty.peers) {
    const auto found = peers_.find(id);
    if (found == peers_.end()) {
      records.emplace_back(port::PeerGone{id.text()});
    } else {
      records.emplace_back(record_of(found->second));
    }
  }
  for (const auto& name : dirty.channels) {
    const auto found = channels_.find(name);
    if (found == channels_.end()) {
      records.emplace_back(port::ChannelGone{name});
      continue;
    }
    const Channel& channel = found->second;
    records.emplace_back(port::ChannelRecord{channel.name_, channel.topic_, channel.creator_.text(),
                                             epoch_text(channel.epoch_), channel.seq_reserved_,
                                             channel.created_ms_, channel.updated_ms_});
  }
  for (const auto& [name, id] : dirty.members) {
    const auto found = channels_.find(name);
    if (found == channels_.end()) continue;  // its ChannelGone takes the members with it
    const auto member = found->second.members_.find(id);
    if (member == found->second.members_.end()) {
      records.emplace_back(port::MemberGone{name, id.text()});
    } else {
      records.emplace_back(
          port::MemberRecord{name, id.text(), std::string(rank_sign(member->second.rank))});
    }
  }
  return records;
}

}  // namespace signaller::irc
