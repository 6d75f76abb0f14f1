#include "irc/change_log.hpp"

#include <algorithm>
#include <utility>

#include "irc/round_robin.hpp"
#include "irc/text/text.hpp"

namespace signaller::irc {
namespace {

/// If at most this many logs and inboxes are pending, a batch takes them all. Otherwise their
/// messages are counted and bounded, because each log may have a thousand of them.
constexpr std::size_t FewLogs = 64;
/// The maximum number of channel messages in one batch, and also of private messages. The last log
/// and the last inbox may exceed it.
constexpr std::size_t MostMessages = 2'048;

/// Whether a crash has left a gap in the sequence, and no message has been sent since the crash.
bool has_sequence_gap(std::uint64_t seq, std::uint64_t sequence_gap) {
  return sequence_gap != 0 && seq == sequence_gap;
}

}  // namespace

void ChangeLog::peer_ended(const Peer& peer) {
  if (peer.stored_) pending_.ended_peers.insert(peer.id_);
  pending_.mail.erase(peer.id_);
  if (peer.claim_.owned) {
    pending_.peers.insert(peer.id_);
  } else {
    pending_.peers.erase(peer.id_);
  }
}

void ChangeLog::identity_ended(const PeerId& id, bool stored) {
  if (stored) pending_.ended_peers.insert(id);
  pending_.peers.erase(id);
}

void ChangeLog::channel_changed(const Channel& channel) {
  pending_.channels.insert(fold(channel.name_));
}

void ChangeLog::channel_ended(std::string folded, bool stored) {
  auto& members = pending_.members;
  members.erase(members.lower_bound({folded, PeerId::lowest()}),
                members.upper_bound({folded, PeerId::highest()}));
  pending_.logs.erase(folded);
  pending_.channels.erase(folded);
  if (stored) pending_.ended_channels.insert(std::move(folded));
}

void ChangeLog::member_changed(const PeerId& id, const Channel& channel) {
  pending_.members.emplace(fold(channel.name_), id);
}

void ChangeLog::member_left(const PeerId& id, const Channel& channel) {
  if (channel.members_.at(id).stored) {
    member_changed(id, channel);
  } else {
    pending_.members.erase({fold(channel.name_), id});
  }
}

bool ChangeLog::has_member_change(const PeerId& id, const Channel& channel) const {
  return pending_.members.count({fold(channel.name_), id}) != 0;
}

void ChangeLog::message_added(const Channel& channel, std::uint64_t seq) {
  if (tables_.limits.mirrored) pending_.logs.try_emplace(fold(channel.name_), seq);
}

void ChangeLog::mail_added(const PeerId& id, std::uint64_t seq) {
  if (tables_.limits.mirrored) pending_.mail.try_emplace(id, seq);
}

void ChangeLog::mail_changed(const PeerId& id, std::uint64_t first) {
  if (tables_.limits.mirrored) pending_.mail[id] = first;
}

void ChangeLog::server_ban_lifted(std::string subject) {
  if (stored_bans_.count(subject) != 0) {
    pending_.server_bans.insert(std::move(subject));
  } else {
    pending_.server_bans.erase(subject);
  }
}

ChangeSet ChangeLog::take(std::size_t most) {
  ChangeSet batch;
  if (pending_.size() <= most && pending_.logs.size() + pending_.mail.size() <= FewLogs) {
    std::swap(batch, pending_);
    note_stored(batch);
    return batch;
  }
  batch.ended_peers.swap(pending_.ended_peers);
  batch.ended_channels.swap(pending_.ended_channels);
  // The store needs a channel before its members, and both before messages.
  std::size_t left = most;
  const auto one = [](const auto& /*key*/) { return std::size_t{1}; };
  take_round_robin(pending_.peers, batch.peers, last_.peer, left, one);
  take_round_robin(pending_.channels, batch.channels, last_.channel, left, one);
  take_round_robin(pending_.members, batch.members, last_.member, left, one);
  take_round_robin(pending_.server_bans, batch.server_bans, last_.server_ban, left, one);
  take_audit(batch, left);
  if (left > 0) take_messages(batch);
  batch.sealed = pending_.sealed && pending_.size() == 0;  // only the last batch carries the seal
  if (batch.sealed) pending_.sealed = false;
  note_stored(batch);
  return batch;
}

void ChangeLog::take_audit(ChangeSet& batch, std::size_t& left) {
  const std::size_t count = std::min(left, pending_.audit.size());
  const auto end = pending_.audit.begin() + static_cast<std::ptrdiff_t>(count);
  batch.audit.assign(pending_.audit.begin(), end);
  pending_.audit.erase(pending_.audit.begin(), end);
  left -= count;
}

void ChangeLog::take_messages(ChangeSet& batch) {
  const auto logged = [this](const std::pair<const std::string, std::uint64_t>& entry) {
    const auto found = tables_.channels.find(entry.first);
    if (found == tables_.channels.end()) return std::size_t{1};
    const MessageLog& log = found->second.log_;
    const std::uint64_t first = entry.second;
    return std::max<std::size_t>(log.size() - log.count_up_to(first == 0 ? 0 : first - 1), 1);
  };
  const auto posted = [this](const std::pair<const PeerId, std::uint64_t>& entry) {
    const auto found = tables_.peers.find(entry.first);
    const bool any = found != tables_.peers.end() && found->second.inbox_;
    return any ? std::max<std::size_t>(found->second.inbox_->size(), 1) : std::size_t{1};
  };
  std::size_t logs = MostMessages;
  std::size_t mail = MostMessages;
  take_round_robin(pending_.logs, batch.logs, last_.log, logs, logged);
  take_round_robin(pending_.mail, batch.mail, last_.mail, mail, posted);
}

bool ChangeLog::note_stored_peer(const PeerId& id) {
  const auto found = tables_.peers.find(id);
  if (found == tables_.peers.end()) return tables_.identities.note_stored(id);
  return found->second.stored_ = true;
}

bool ChangeLog::note_stored_channel(const std::string& name) {
  const auto found = tables_.channels.find(name);
  return found != tables_.channels.end() && (found->second.stored_ = true);
}

bool ChangeLog::note_stored_member(const std::string& name, const PeerId& id) {
  const auto channel = tables_.channels.find(name);
  if (channel == tables_.channels.end()) return false;
  const auto member = channel->second.members_.find(id);
  return member != channel->second.members_.end() && (member->second.stored = true);
}

void ChangeLog::note_stored(const ChangeSet& batch) {
  for (const auto& id : batch.peers) note_stored_peer(id);
  for (const auto& name : batch.channels) note_stored_channel(name);
  for (const auto& [name, id] : batch.members) note_stored_member(name, id);
  for (const auto& subject : batch.server_bans) {
    if (tables_.server_bans.find_text(subject) != nullptr) {
      stored_bans_.insert(subject);
    } else {
      stored_bans_.erase(subject);
    }
  }
}

void ChangeLog::put_back(ChangeSet&& batch) {
  stored_bans_.insert(batch.server_bans.begin(), batch.server_bans.end());
  pending_.merge(std::move(batch));
}

void ChangeLog::confirm(const ChangeSet& batch) {
  for (const auto& id : batch.peers) {
    const auto found = tables_.peers.find(id);
    if (found != tables_.peers.end()) found->second.confirmed_ = true;
  }
  for (const auto& name : batch.channels) {
    const auto found = tables_.channels.find(name);
    if (found != tables_.channels.end()) found->second.confirmed_ = true;
  }
}

void ChangeLog::mark_all() {
  for (const auto& [id, peer] : tables_.peers) {
    pending_.peers.insert(id);
    if (peer.inbox_ && peer.inbox_->size() > 0) mail_changed(id, (*peer.inbox_)[0]->seq);
  }
  for (const auto& [id, identity] : tables_.identities.all()) pending_.peers.insert(id);
  for (const auto& [name, channel] : tables_.channels) {
    pending_.channels.insert(name);
    for (const auto& [id, member] : channel.members_) pending_.members.emplace(name, id);
    const bool logged = tables_.limits.mirrored && channel.log_.size() > 0;
    if (logged) pending_.logs[name] = channel.log_[0]->seq;
  }
  for (const auto& [id, ban] : tables_.server_bans.ids()) pending_.server_bans.insert(id.text());
  for (const auto& [text, ban] : tables_.server_bans.ranges()) pending_.server_bans.insert(text);
  pending_.audit.clear();
}

void ChangeLog::mark_leftovers(const port::StoredNames& stored) {
  for (const std::string& text : stored.peers) {
    const auto id = PeerId::parse(text);
    if (id && !note_stored_peer(*id)) pending_.ended_peers.insert(*id);
  }
  for (const std::string& name : stored.channels) {
    if (!note_stored_channel(name)) pending_.ended_channels.insert(name);
  }
  for (const auto& [name, text] : stored.members) {
    const auto id = PeerId::parse(text);
    const bool there = tables_.channels.count(name) != 0;
    if (id && there && !note_stored_member(name, *id)) pending_.members.emplace(name, *id);
  }
  mark_leftover_messages(stored);
  pending_.server_bans.insert(stored.bans.begin(), stored.bans.end());
  stored_bans_.insert(stored.bans.begin(), stored.bans.end());
}

void ChangeLog::mark_leftover_messages(const port::StoredNames& stored) {
  for (const std::string& name : stored.logs) {
    const auto found = tables_.channels.find(name);
    const bool empty = found != tables_.channels.end() && found->second.log_.size() == 0;
    if (empty) pending_.logs.emplace(name, 0);
  }
  for (const std::string& text : stored.mail) {
    const auto id = PeerId::parse(text);
    if (!id) continue;
    const auto found = tables_.peers.find(*id);
    const bool any = found != tables_.peers.end() && found->second.inbox_;
    if (!any || found->second.inbox_->size() == 0) pending_.mail.emplace(*id, 0);
  }
}

void ChangeLog::seal() {
  for (auto& [name, channel] : tables_.channels) {
    if (channel.seq_reserved_ != channel.seq_ ||
        has_sequence_gap(channel.seq_, channel.sequence_gap_)) {
      pending_.channels.insert(name);
    }
    channel.seq_reserved_ = channel.seq_;
  }
  for (auto& [id, peer] : tables_.peers) {
    if (peer.inbox_reserved_ != peer.inbox_seq_ ||
        has_sequence_gap(peer.inbox_seq_, peer.inbox_sequence_gap_)) {
      pending_.peers.insert(id);
    }
    peer.inbox_reserved_ = peer.inbox_seq_;
  }
  pending_.sealed = true;
}

}  // namespace signaller::irc
