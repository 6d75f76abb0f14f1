// What of the world survives: its changes as records.
#include <fmt/format.h>

#include <utility>

#include "irc/text.hpp"
#include "irc/world.hpp"

namespace signaller::irc {
namespace {

std::string hex(const port::Digest& digest) {
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

void add_claim(port::PeerRecord& record, const Claim& claim, const PeerState& state) {
  record.secret = hex(claim.secret);
  record.tenure = claim.tenure;
  record.owned = claim.owned;
  record.away = state.away;
  record.dm = direct_messages_text(state.direct_messages);
  for (const auto& [id, swallowed] : state.blocks) record.blocks.push_back(id.text());
  record.resume_ms = state.resume_ms;
}

port::PeerRecord record_of(const Peer& peer) {
  port::PeerRecord record;
  record.id = peer.id().text();
  record.nick = peer.nick();
  record.name = peer.name();
  record.info = peer.profile().info;
  add_claim(record, peer.claim(), peer.state());
  record.here = true;
  record.seen_ms = peer.talked_ms();
  record.created_ms = peer.created_ms();
  record.updated_ms = peer.updated_ms();
  return record;
}

port::PeerRecord record_of(const PeerId& id, const Identity& identity) {
  port::PeerRecord record;
  record.id = id.text();
  add_claim(record, identity.claim, identity.state);
  record.seen_ms = identity.seen_ms;
  record.created_ms = identity.created_ms;
  record.updated_ms = identity.seen_ms;
  return record;
}

port::BanRecord record_of(std::string whom, const Ban& ban) {
  return {std::move(whom), ban.by.text(), ban.reason, ban.set_ms, ban.until_ms};
}

/// What ChannelRecord says of peers that have something in the channel.
void add_standings(port::ChannelRecord& record, const ChannelState& state) {
  for (const auto& [id, kept] : state.kept) {
    record.ranks.push_back({id.text(), std::string(rank_sign(kept.rank)), kept.tenure, 0});
  }
  for (const auto& [id, until_ms] : state.mutes) {
    record.mutes.push_back({id.text(), {}, 0, until_ms});
  }
  for (const auto& [id, invitation] : state.invites) {
    record.invites.push_back({id.text(), {}, invitation.tenure, invitation.until_ms});
  }
  for (const auto& [id, ban] : state.bans) record.bans.push_back(record_of(id.text(), ban));
}

port::ChannelRecord record_of(const Channel& channel, std::uint64_t reserved) {
  const ChannelState& state = channel.state();
  port::ChannelRecord record;
  record.name = channel.name();
  record.topic = state.topic;
  record.creator = channel.creator().text();
  record.creator_tenure = state.creator_tenure;
  record.epoch = epoch_text(channel.epoch());
  record.seq = reserved;
  if (state.token) record.token = hex(*state.token);
  record.modes = channel.modes_text();
  record.title = state.profile.name;
  record.descp = state.profile.descp;
  record.info = state.profile.info;
  add_standings(record, state);
  record.created_ms = channel.created_ms();
  record.updated_ms = channel.updated_ms();
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
  for (const auto& id : dirty.peers) add_peer(records, id);
  for (const auto& name : dirty.channels) {
    const auto found = channels_.find(name);
    if (found == channels_.end()) {
      records.emplace_back(port::ChannelGone{name});
    } else {
      records.emplace_back(record_of(found->second, found->second.seq_reserved_));
    }
  }
  for (const auto& [name, id] : dirty.members) add_member(records, name, id);
  for (const auto& whom : dirty.server_bans) add_server_ban(records, whom);
  records.insert(records.end(), dirty.audit.begin(), dirty.audit.end());
  return records;
}

void World::add_peer(std::vector<port::Record>& records, const PeerId& id) const {
  const auto found = peers_.find(id);
  if (found != peers_.end()) {
    records.emplace_back(record_of(found->second));
  } else if (const Identity* identity = identities_.find(id); identity != nullptr) {
    records.emplace_back(record_of(id, *identity));
  } else {
    records.emplace_back(port::PeerGone{id.text()});
  }
}

void World::add_member(std::vector<port::Record>& records, const std::string& name,
                       const PeerId& id) const {
  const auto found = channels_.find(name);
  if (found == channels_.end()) return;  // its ChannelGone takes the members with it
  const auto member = found->second.members_.find(id);
  if (member == found->second.members_.end()) {
    records.emplace_back(port::MemberGone{name, id.text()});
  } else {
    records.emplace_back(
        port::MemberRecord{name, id.text(), std::string(rank_sign(member->second.rank))});
  }
}

void World::add_server_ban(std::vector<port::Record>& records, const std::string& whom) const {
  const auto id = PeerId::parse(whom);
  const auto by_id = id ? server_bans_.ids().find(*id) : server_bans_.ids().end();
  const auto by_range = server_bans_.ranges().find(whom);
  if (by_id != server_bans_.ids().end()) {
    records.emplace_back(record_of(whom, by_id->second));
  } else if (by_range != server_bans_.ranges().end()) {
    records.emplace_back(record_of(whom, by_range->second.ban));
  } else {
    records.emplace_back(port::ServerBanGone{whom});
  }
}

}  // namespace signaller::irc
