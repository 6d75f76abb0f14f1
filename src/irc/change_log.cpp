// What of the world survives: its changes as records.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "irc/take_changes.hpp"
#include "irc/text/text.hpp"
#include "irc/world.hpp"

namespace signaller::irc {
namespace {

/// Logs and inboxes that are one batch whatever they hold: each may have a thousand messages.
constexpr std::size_t FewLogs = 64;
/// Messages of a batch, of logs and of inboxes each; the last of these may bring more.
constexpr std::size_t MostMessages = 2'048;

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

/// What ChannelRecord says of peers that have something in the channel.
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

/// After a crash, and nothing was said since: the store still has what was before.
bool has_sequence_gap(std::uint64_t seq, std::uint64_t sequence_gap) {
  return sequence_gap != 0 && seq == sequence_gap;
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

void World::mark_member(const Peer& peer, const Channel& channel) {
  changes_.members.emplace(fold(channel.name_), peer.id_);
}

/// A member leaves.
void World::unmark_member(const Peer& peer, const Channel& channel) {
  if (channel.members_.at(peer.id_).stored) {
    mark_member(peer, channel);
  } else {
    changes_.members.erase({fold(channel.name_), peer.id_});
  }
}

void World::mark_lifted(std::string whom) {
  if (stored_bans_.count(whom) != 0) {
    changes_.server_bans.insert(std::move(whom));
  } else {
    changes_.server_bans.erase(whom);
  }
}

void World::mark_message(const std::string& folded, std::uint64_t seq) {
  changes_.logs.try_emplace(folded, seq);
}

void World::mark_mail(const Peer& peer, std::uint64_t seq) {
  if (limits_.mirrored) changes_.mail.try_emplace(peer.id_, seq);
}

ChangeMarks World::take_changes(std::size_t most) {
  ChangeMarks taken;
  if (changes_.size() <= most && changes_.logs.size() + changes_.mail.size() <= FewLogs) {
    std::swap(taken, changes_);
    note_stored(taken);
    return taken;
  }
  taken.ended_peers.swap(changes_.ended_peers);
  taken.ended_channels.swap(changes_.ended_channels);
  // No member before its channel, and no message before both.
  std::size_t left = most;
  const auto one = [](const auto& /*mark*/) { return std::size_t{1}; };
  take_some(changes_.peers, taken.peers, last_.peer, left, one);
  take_some(changes_.channels, taken.channels, last_.channel, left, one);
  take_some(changes_.members, taken.members, last_.member, left, one);
  take_some(changes_.server_bans, taken.server_bans, last_.server_ban, left, one);
  const std::size_t audit = std::min(left, changes_.audit.size());
  const auto last = changes_.audit.begin() + static_cast<std::ptrdiff_t>(audit);
  taken.audit.assign(changes_.audit.begin(), last);
  changes_.audit.erase(changes_.audit.begin(), last);
  if (left > audit) take_messages(taken);
  taken.sealed = changes_.sealed && changes_.size() == 0;  // the last of all
  if (taken.sealed) changes_.sealed = false;
  note_stored(taken);
  return taken;
}

void World::take_messages(ChangeMarks& taken) {
  const auto logged = [this](const std::pair<const std::string, std::uint64_t>& mark) {
    const auto found = channels_.find(mark.first);
    if (found == channels_.end()) return std::size_t{1};
    const MessageLog& log = found->second.log_;
    const std::uint64_t first = mark.second;
    return std::max<std::size_t>(log.size() - log.count_up_to(first == 0 ? 0 : first - 1), 1);
  };
  const auto posted = [this](const std::pair<const PeerId, std::uint64_t>& mark) {
    const auto found = peers_.find(mark.first);
    const bool any = found != peers_.end() && found->second.inbox_;
    return any ? std::max<std::size_t>(found->second.inbox_->size(), 1) : std::size_t{1};
  };
  std::size_t logs = MostMessages;
  std::size_t mail = MostMessages;
  take_some(changes_.logs, taken.logs, last_.log, logs, logged);
  take_some(changes_.mail, taken.mail, last_.mail, mail, posted);
}

bool World::note_stored_peer(const PeerId& id) {
  const auto found = peers_.find(id);
  if (found == peers_.end()) return identities_.note_stored(id);
  return found->second.stored_ = true;
}

bool World::note_stored_channel(const std::string& name) {
  const auto found = channels_.find(name);
  return found != channels_.end() && (found->second.stored_ = true);
}

bool World::note_stored_member(const std::string& name, const PeerId& id) {
  const auto channel = channels_.find(name);
  if (channel == channels_.end()) return false;
  const auto member = channel->second.members_.find(id);
  return member != channel->second.members_.end() && (member->second.stored = true);
}

/// Of what is handed to the store it may have everything from now on, whatever it answers.
void World::note_stored(const ChangeMarks& taken) {
  for (const auto& id : taken.peers) note_stored_peer(id);
  for (const auto& name : taken.channels) note_stored_channel(name);
  for (const auto& [name, id] : taken.members) note_stored_member(name, id);
  for (const auto& whom : taken.server_bans) {
    if (server_bans_.find_text(whom) != nullptr) {
      stored_bans_.insert(whom);
    } else {
      stored_bans_.erase(whom);
    }
  }
}

void World::mark(ChangeMarks&& changes) {
  stored_bans_.insert(changes.server_bans.begin(), changes.server_bans.end());
  changes_.merge(std::move(changes));
}

void World::confirm(const ChangeMarks& stored) {
  for (const auto& id : stored.peers) {
    if (Peer* peer = find(id); peer != nullptr) peer->confirmed_ = true;
  }
  for (const auto& name : stored.channels) {
    const auto found = channels_.find(name);
    if (found != channels_.end()) found->second.confirmed_ = true;
  }
}

void World::mark_all() {
  for (const auto& [id, peer] : peers_) {
    changes_.peers.insert(id);
    if (limits_.mirrored && peer.inbox_ && peer.inbox_->size() > 0) {
      changes_.mail[id] = (*peer.inbox_)[0]->seq;
    }
  }
  for (const auto& [id, identity] : identities_.all()) changes_.peers.insert(id);
  for (const auto& [name, channel] : channels_) {
    changes_.channels.insert(name);
    for (const auto& [id, member] : channel.members_) changes_.members.emplace(name, id);
    if (limits_.mirrored && channel.log_.size() > 0) changes_.logs[name] = channel.log_[0]->seq;
  }
  for (const auto& [id, ban] : server_bans_.ids()) changes_.server_bans.insert(id.text());
  for (const auto& [text, ban] : server_bans_.ranges()) changes_.server_bans.insert(text);
  changes_.audit.clear();
}

void World::mark_others(const port::StoredNames& stored) {
  for (const std::string& text : stored.peers) {
    const auto id = PeerId::parse(text);
    if (id && !note_stored_peer(*id)) changes_.ended_peers.insert(*id);
  }
  for (const std::string& name : stored.channels) {
    if (!note_stored_channel(name)) changes_.ended_channels.insert(name);
  }
  for (const auto& [name, text] : stored.members) {
    const auto id = PeerId::parse(text);
    const bool there = channels_.count(name) != 0;
    if (id && there && !note_stored_member(name, *id)) changes_.members.emplace(name, *id);
  }
  for (const std::string& name : stored.logs) {
    const auto found = channels_.find(name);
    if (found != channels_.end() && found->second.log_.size() == 0) changes_.logs.emplace(name, 0);
  }
  for (const std::string& text : stored.mail) {
    const auto id = PeerId::parse(text);
    const Peer* peer = id ? find(*id) : nullptr;
    if (peer != nullptr && peer->inbox_ && peer->inbox_->size() > 0) continue;
    if (id) changes_.mail.emplace(*id, 0);
  }
  changes_.server_bans.insert(stored.bans.begin(), stored.bans.end());
  stored_bans_.insert(stored.bans.begin(), stored.bans.end());
}

void World::seal() {
  for (auto& [name, channel] : channels_) {
    if (channel.seq_reserved_ != channel.seq_ ||
        has_sequence_gap(channel.seq_, channel.sequence_gap_)) {
      changes_.channels.insert(name);
    }
    channel.seq_reserved_ = channel.seq_;
  }
  for (auto& [id, peer] : peers_) {
    if (peer.inbox_reserved_ != peer.inbox_seq_ ||
        has_sequence_gap(peer.inbox_seq_, peer.inbox_sequence_gap_)) {
      changes_.peers.insert(id);
    }
    peer.inbox_reserved_ = peer.inbox_seq_;
  }
  changes_.sealed = true;
}

std::vector<port::Record> World::records(const ChangeMarks& changes) const {
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

void World::add_channel(std::vector<port::Record>& records, const std::string& name) const {
  const auto found = channels_.find(name);
  if (found == channels_.end()) return;  // it is among the ended ones
  const Channel& channel = found->second;
  port::ChannelRecord record = record_of(channel);
  record.seq = channel.seq_reserved_;
  record.fresh = !channel.confirmed_;
  records.emplace_back(std::move(record));
}

/// What was dropped from the log meanwhile need not be stored any more.
void World::add_log(std::vector<port::Record>& records, const std::string& name,
                    std::uint64_t first) const {
  const auto found = channels_.find(name);
  if (found == channels_.end()) return;
  const MessageLog& log = found->second.log_;
  if (log.size() == 0) records.emplace_back(port::LogGone{name});
  for (std::size_t i = first == 0 ? 0 : log.count_up_to(first - 1); i < log.size(); ++i) {
    records.emplace_back(port::MessageRecord{name, log[0]->seq, kept(*log[i])});
  }
}

void World::add_mail(std::vector<port::Record>& records, const PeerId& id,
                     std::uint64_t first) const {
  const auto found = peers_.find(id);
  if (found == peers_.end() || !found->second.inbox_ || found->second.inbox_->size() == 0) {
    records.emplace_back(port::MailGone{id.text()});
    return;
  }
  const Inbox& inbox = *found->second.inbox_;
  for (std::size_t i = 0; i < inbox.size(); ++i) {
    if (inbox[i]->seq < first) continue;
    const bool handed = i < inbox.size() - inbox.waiting();
    records.emplace_back(port::MailRecord{id.text(), inbox[0]->seq, handed, kept(*inbox[i])});
  }
}

void World::add_peer(std::vector<port::Record>& records, const PeerId& id) const {
  const auto found = peers_.find(id);
  if (found != peers_.end()) {
    const Peer& peer = found->second;
    port::PeerRecord record = record_of(peer);
    record.fresh = !peer.confirmed_;
    record.inbox_seq = peer.inbox_reserved_;
    record.inbox_sequence_gap = peer.inbox_sequence_gap_;
    record.inbox_handed = peer.inbox_handed_;
    records.emplace_back(std::move(record));
  } else if (const Identity* identity = identities_.find(id); identity != nullptr) {
    records.emplace_back(record_of(id, *identity));
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
  if (const Ban* ban = server_bans_.find_text(whom); ban != nullptr) {
    records.emplace_back(record_of(whom, *ban));
  } else {
    records.emplace_back(port::ServerBanGone{whom});
  }
}

}  // namespace signaller::irc
