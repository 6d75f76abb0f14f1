// Writes changed parts of the world as records for the store.
#include <fmt/format.h>

#include <utility>

#include "irc/change_log.hpp"

namespace signaller::irc {
namespace {

std::string hex(const port::Digest& digest) {
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

void add_claim(port::PeerRecord& record, const Claim& claim, const PeerState& state) {
  record.secret = hex(claim.secret);
  record.owner_generation = claim.owner_generation;
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
  record.inbox_epoch = epoch_text(peer.inbox_epoch());
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

/// Appends the ranks, mutes, invitations and bans of the channel.
void add_standings(port::ChannelRecord& record, const ChannelState& state) {
  for (const auto& [id, kept] : state.kept) {
    record.ranks.push_back(
        {id.text(), std::string(rank_sign(kept.rank)), kept.owner_generation, 0});
  }
  for (const auto& [id, until_ms] : state.mutes) {
    record.mutes.push_back({id.text(), {}, 0, until_ms});
  }
  for (const auto& [id, invitation] : state.invites) {
    record.invites.push_back({id.text(), {}, invitation.owner_generation, invitation.until_ms});
  }
  for (const auto& [id, ban] : state.bans) record.bans.push_back(record_of(id.text(), ban));
}

port::KeptMessage kept(const StoredMessage& message) {
  std::string from;
  if (message.from) from = message.from->text() + ':' + epoch_text(message.session);
  return {message.seq,  message.time_ms, message.msgid, message.name,
          message.line, std::move(from), message.label};
}

port::ChannelRecord record_of(const Channel& channel) {
  const ChannelState& state = channel.state();
  port::ChannelRecord record;
  record.name = channel.name();
  record.topic = state.topic;
  record.creator = channel.creator().text();
  record.creator_generation = state.creator_generation;
  record.epoch = epoch_text(channel.epoch());
  record.sequence_gap = channel.sequence_gap();
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

std::vector<port::Record> ChangeLog::records(const ChangeSet& changes) const {
  std::vector<port::Record> records;
  records.reserve(changes.size());
  for (const auto& id : changes.ended_peers) records.emplace_back(port::PeerGone{id.text()});
  for (const auto& name : changes.ended_channels) records.emplace_back(port::ChannelGone{name});
  for (const auto& id : changes.peers) add_peer(records, id);
  for (const auto& name : changes.channels) add_channel(records, name);
  for (const auto& [name, id] : changes.members) add_member(records, name, id);
  for (const auto& whom : changes.server_bans) add_server_ban(records, whom);
  records.insert(records.end(), changes.audit.begin(), changes.audit.end());
  for (const auto& [name, first] : changes.logs) add_log(records, name, first);
  for (const auto& [id, first] : changes.mail) add_mail(records, id, first);
  if (changes.sealed) records.emplace_back(port::Sealed{});
  return records;
}

void ChangeLog::add_channel(Records& records, const std::string& name) const {
  const auto found = tables_.channels.find(name);
  // The channel was deleted: it is one of the ended channels.
  if (found == tables_.channels.end()) return;
  const Channel& channel = found->second;
  port::ChannelRecord record = record_of(channel);
  record.seq = channel.seq_reserved_;
  record.fresh = !channel.confirmed_;
  records.emplace_back(std::move(record));
}

/// Skips messages that the log has dropped meanwhile.
void ChangeLog::add_log(Records& records, const std::string& name, std::uint64_t first) const {
  const auto found = tables_.channels.find(name);
  if (found == tables_.channels.end()) return;
  const MessageLog& log = found->second.log_;
  if (log.size() == 0) records.emplace_back(port::LogGone{name});
  for (std::size_t i = first == 0 ? 0 : log.count_up_to(first - 1); i < log.size(); ++i) {
    records.emplace_back(port::MessageRecord{name, log[0]->seq, kept(*log[i])});
  }
}

void ChangeLog::add_mail(Records& records, const PeerId& id, std::uint64_t first) const {
  const auto found = tables_.peers.find(id);
  if (found == tables_.peers.end() || !found->second.inbox_ || found->second.inbox_->size() == 0) {
    records.emplace_back(port::MailGone{id.text()});
    return;
  }
  const Inbox& inbox = *found->second.inbox_;
  for (std::size_t i = 0; i < inbox.size(); ++i) {
    if (inbox[i]->seq < first) continue;
    const bool handed = i < inbox.size() - inbox.undelivered();
    records.emplace_back(port::MailRecord{id.text(), inbox[0]->seq, handed, kept(*inbox[i])});
  }
}

void ChangeLog::add_peer(Records& records, const PeerId& id) const {
  const auto found = tables_.peers.find(id);
  if (found != tables_.peers.end()) {
    const Peer& peer = found->second;
    port::PeerRecord record = record_of(peer);
    record.fresh = !peer.confirmed_;
    record.inbox_seq = peer.inbox_reserved_;
    record.inbox_sequence_gap = peer.inbox_sequence_gap_;
    record.inbox_handed = peer.inbox_handed_;
    records.emplace_back(std::move(record));
  } else if (const Identity* identity = tables_.identities.find(id); identity != nullptr) {
    records.emplace_back(record_of(id, *identity));
  }
}

void ChangeLog::add_member(Records& records, const std::string& name, const PeerId& id) const {
  const auto found = tables_.channels.find(name);
  // The channel was deleted: ChannelGone also deletes its members.
  if (found == tables_.channels.end()) return;
  const auto member = found->second.members_.find(id);
  if (member == found->second.members_.end()) {
    records.emplace_back(port::MemberGone{name, id.text()});
  } else {
    records.emplace_back(
        port::MemberRecord{name, id.text(), std::string(rank_sign(member->second.rank))});
  }
}

void ChangeLog::add_server_ban(Records& records, const std::string& whom) const {
  if (const Ban* ban = tables_.server_bans.find_text(whom); ban != nullptr) {
    records.emplace_back(record_of(whom, *ban));
  } else {
    records.emplace_back(port::ServerBanGone{whom});
  }
}

}  // namespace signaller::irc
