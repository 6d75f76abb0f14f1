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
    port::ChannelRecord record;
    record.name = channel.name_;
    record.topic = channel.topic_;
    record.creator = channel.creator_.text();
    record.epoch = epoch_text(channel.epoch_);
    record.seq = channel.seq_reserved_;
    record.created_ms = channel.created_ms_;
    record.updated_ms = channel.updated_ms_;
    records.emplace_back(std::move(record));
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
