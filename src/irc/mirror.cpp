// What of the world survives: its changes as records.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "irc/take_some.hpp"
#include "irc/text.hpp"
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

/// After a crash, and nothing was said since: the store still has what was before.
bool has_leapt(std::uint64_t seq, std::uint64_t leap) {
  return leap != 0 && seq == leap;
}

port::KeptMessage kept(const Logged& message) {
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
  record.creator_tenure = state.creator_tenure;
  record.epoch = epoch_text(channel.epoch());
  record.leap = channel.leap();
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

/// A member leaves.
void World::unmark_member(const Peer& peer, const Channel& channel) {
  if (channel.members_.at(peer.id_).stored) {
    mark_member(peer, channel);
  } else {
    dirty_.members.erase({fold(channel.name_), peer.id_});
  }
}

void World::mark_lifted(std::string whom) {
  if (stored_bans_.count(whom) != 0) {
    dirty_.server_bans.insert(std::move(whom));
  } else {
    dirty_.server_bans.erase(whom);
  }
}

void World::mark_message(const std::string& folded, std::uint64_t seq) {
  dirty_.logs.try_emplace(folded, seq);
}

void World::mark_mail(const Peer& peer, std::uint64_t seq) {
  if (limits_.mirrored) dirty_.mail.try_emplace(peer.id_, seq);
}

Dirty World::take_dirty(std::size_t most) {
  Dirty taken;
  if (dirty_.size() <= most && dirty_.logs.size() + dirty_.mail.size() <= FewLogs) {
    std::swap(taken, dirty_);
    note_stored(taken);
    return taken;
  }
  taken.ended_peers.swap(dirty_.ended_peers);
  taken.ended_channels.swap(dirty_.ended_channels);
  // No member before its channel, and no message before both.
  std::size_t left = most;
  const auto one = [](const auto& /*mark*/) { return std::size_t{1}; };
  take_some(dirty_.peers, taken.peers, last_.peer, left, one);
  take_some(dirty_.channels, taken.channels, last_.channel, left, one);
  take_some(dirty_.members, taken.members, last_.member, left, one);
  take_some(dirty_.server_bans, taken.server_bans, last_.server_ban, left, one);
  const std::size_t audit = std::min(left, dirty_.audit.size());
  const auto last = dirty_.audit.begin() + static_cast<std::ptrdiff_t>(audit);
  taken.audit.assign(dirty_.audit.begin(), last);
  dirty_.audit.erase(dirty_.audit.begin(), last);
  if (left > audit) take_messages(taken);
  taken.sealed = dirty_.sealed && dirty_.size() == 0;  // the last of all
  if (taken.sealed) dirty_.sealed = false;
  note_stored(taken);
  return taken;
}

void World::take_messages(Dirty& taken) {
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
  take_some(dirty_.logs, taken.logs, last_.log, logs, logged);
  take_some(dirty_.mail, taken.mail, last_.mail, mail, posted);
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
void World::note_stored(const Dirty& taken) {
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

void World::mark(Dirty&& dirty) {
  stored_bans_.insert(dirty.server_bans.begin(), dirty.server_bans.end());
  dirty_.merge(std::move(dirty));
}

void World::confirm(const Dirty& stored) {
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
    dirty_.peers.insert(id);
    if (limits_.mirrored && peer.inbox_ && peer.inbox_->size() > 0) {
      dirty_.mail[id] = (*peer.inbox_)[0]->seq;
    }
  }
  for (const auto& [id, identity] : identities_.all()) dirty_.peers.insert(id);
  for (const auto& [name, channel] : channels_) {
    dirty_.channels.insert(name);
    for (const auto& [id, member] : channel.members_) dirty_.members.emplace(name, id);
    if (limits_.mirrored && channel.log_.size() > 0) dirty_.logs[name] = channel.log_[0]->seq;
  }
  for (const auto& [id, ban] : server_bans_.ids()) dirty_.server_bans.insert(id.text());
  for (const auto& [text, ban] : server_bans_.ranges()) dirty_.server_bans.insert(text);
  dirty_.audit.clear();
}

void World::mark_others(const port::StoredNames& stored) {
  for (const std::string& text : stored.peers) {
    const auto id = PeerId::parse(text);
    if (id && !note_stored_peer(*id)) dirty_.ended_peers.insert(*id);
  }
  for (const std::string& name : stored.channels) {
    if (!note_stored_channel(name)) dirty_.ended_channels.insert(name);
  }
  for (const auto& [name, text] : stored.members) {
    const auto id = PeerId::parse(text);
    const bool there = channels_.count(name) != 0;
    if (id && there && !note_stored_member(name, *id)) dirty_.members.emplace(name, *id);
  }
  for (const std::string& name : stored.logs) {
    const auto found = channels_.find(name);
    if (found != channels_.end() && found->second.log_.size() == 0) dirty_.logs.emplace(name, 0);
  }
  for (const std::string& text : stored.mail) {
    const auto id = PeerId::parse(text);
    const Peer* peer = id ? find(*id) : nullptr;
    if (peer != nullptr && peer->inbox_ && peer->inbox_->size() > 0) continue;
    if (id) dirty_.mail.emplace(*id, 0);
  }
  dirty_.server_bans.insert(stored.bans.begin(), stored.bans.end());
  stored_bans_.insert(stored.bans.begin(), stored.bans.end());
}

void World::seal() {
  for (auto& [name, channel] : channels_) {
    if (channel.seq_reserved_ != channel.seq_ || has_leapt(channel.seq_, channel.leap_)) {
      dirty_.channels.insert(name);
    }
    channel.seq_reserved_ = channel.seq_;
  }
  for (auto& [id, peer] : peers_) {
    if (peer.inbox_reserved_ != peer.inbox_seq_ || has_leapt(peer.inbox_seq_, peer.inbox_leap_)) {
      dirty_.peers.insert(id);
    }
    peer.inbox_reserved_ = peer.inbox_seq_;
  }
  dirty_.sealed = true;
}

std::vector<port::Record> World::records(const Dirty& dirty) const {
  std::vector<port::Record> records;
  records.reserve(dirty.size());
  for (const auto& id : dirty.ended_peers) records.emplace_back(port::PeerGone{id.text()});
  for (const auto& name : dirty.ended_channels) records.emplace_back(port::ChannelGone{name});
  for (const auto& id : dirty.peers) add_peer(records, id);
  for (const auto& name : dirty.channels) add_channel(records, name);
  for (const auto& [name, id] : dirty.members) add_member(records, name, id);
  for (const auto& whom : dirty.server_bans) add_server_ban(records, whom);
  records.insert(records.end(), dirty.audit.begin(), dirty.audit.end());
  for (const auto& [name, first] : dirty.logs) add_log(records, name, first);
  for (const auto& [id, first] : dirty.mail) add_mail(records, id, first);
  if (dirty.sealed) records.emplace_back(port::Sealed{});
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
    record.inbox_leap = peer.inbox_leap_;
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
