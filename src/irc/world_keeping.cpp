// What the world keeps for a while: messages, mail, labels, owned ids, bans of the server.
#include <algorithm>

#include "irc/text/text.hpp"
#include "irc/world.hpp"

namespace signaller::irc {

bool World::has_room(const Peer& peer, std::size_t cost) const {
  if (mail_bytes_ + cost > limits_.inbox.all_bytes) return false;
  return peer.inbox_ == nullptr || peer.inbox_->has_room(cost, limits_.inbox);
}

std::uint64_t World::count_blocked_message(Peer& peer, const PeerId& blocked) {
  return ++peer.state_.blocks.at(blocked);
}

void World::post(Peer& peer, StoredMessagePtr message, bool handed_out, port::Instant now) {
  if (!peer.inbox_) peer.inbox_ = std::make_unique<Inbox>();
  mark_mail(peer, message->seq);
  if (handed_out) peer.inbox_handed_ = message->seq;
  mail_bytes_ -= peer.inbox_->bytes();
  peer.inbox_->add(std::move(message), now.steady_ms, handed_out, limits_.inbox);
  if (mail_bytes_ + peer.inbox_->bytes() > limits_.inbox.all_bytes) peer.inbox_->drop_handed_out();
  mail_bytes_ += peer.inbox_->bytes();
  file_mail(peer, now);
}

void World::hand_out(Peer& peer, port::Instant now) {
  if (!peer.inbox_) return;
  if (limits_.mirrored && peer.inbox_->waiting() > 0) changes_.peers.insert(peer.id_);
  peer.inbox_->hand_out(now.steady_ms);
  peer.inbox_handed_ = peer.inbox_seq_;
}

void World::take_back(Peer& peer, std::size_t count) {
  if (!peer.inbox_ || count == 0) return;
  Inbox& inbox = *peer.inbox_;
  inbox.take_back(count);
  if (inbox.waiting() == 0) return;
  peer.inbox_handed_ = inbox[inbox.size() - inbox.waiting()]->seq - 1;
  if (!limits_.mirrored) return;
  changes_.peers.insert(peer.id_);
  changes_.mail[peer.id_] = inbox[0]->seq;  // each entry says whether it was handed out
}

void World::mark(port::AuditRecord record) {
  changes_.add(std::move(record));
}

void World::file_mail(Peer& peer, port::Instant now) {
  if (peer.mail_filed_) return;
  peer.mail_filed_ = true;
  constexpr std::int64_t SoonestMs = 1'000;  // what waits for a suspended peer does not expire
  const std::int64_t due = peer.inbox_->first_ms() + peer.state_.resume_ms + 1;
  mail_due_.emplace(std::max(due, now.steady_ms + SoonestMs), peer.id_);
}

std::int64_t World::mail_due_ms() const {
  return mail_due_.empty() ? 0 : mail_due_.begin()->first;
}

void World::expire_mail(port::Instant now) {
  while (!mail_due_.empty() && mail_due_.begin()->first <= now.steady_ms) {
    const PeerId id = mail_due_.begin()->second;
    mail_due_.erase(mail_due_.begin());
    Peer* peer = find(id);
    if (peer == nullptr || !peer->mail_filed_) continue;  // its session has ended meanwhile
    peer->mail_filed_ = false;
    if (has_mail(*peer, now)) file_mail(*peer, now);
  }
}

bool World::has_mail(Peer& peer, port::Instant now) {
  if (!peer.inbox_) return false;
  mail_bytes_ -= peer.inbox_->bytes();
  peer.inbox_->expire(now.steady_ms - peer.state_.resume_ms);
  mail_bytes_ += peer.inbox_->bytes();
  if (peer.inbox_->size() > 0) return true;
  peer.inbox_.reset();
  return false;
}

void World::remember(Peer& peer, std::string_view label, Acknowledged answer, port::Instant now) {
  if (!peer.label_cache_) peer.label_cache_ = std::make_unique<LabelCache>();
  peer.label_cache_->remember(label, std::move(answer), now.steady_ms, limits_.labels);
}

void World::log(Channel& channel, StoredMessagePtr message) {
  if (limits_.mirrored) mark_message(fold(channel.name_), message->seq);
  log_bytes_ -= channel.log_.bytes();
  channel.log_.add(std::move(message), limits_.log);
  log_bytes_ += channel.log_.bytes();
  if (log_bytes_ > limits_.log.all_bytes) shorten_logs();
}

void World::expire_log(Channel& channel, port::Instant now) {
  log_bytes_ -= channel.log_.bytes();
  channel.log_.expire(now.unix_ms, limits_.log);
  log_bytes_ += channel.log_.bytes();
}

/// Rare: the largest logs lose their older half, until there is room for a while.
void World::shorten_logs() {
  std::vector<Channel*> channels;
  channels.reserve(channels_.size());
  for (auto& [name, channel] : channels_) channels.push_back(&channel);
  std::sort(channels.begin(), channels.end(),
            [](const Channel* a, const Channel* b) { return a->log_.bytes() > b->log_.bytes(); });
  const std::size_t enough = limits_.log.all_bytes - limits_.log.all_bytes / 8;
  for (auto at = channels.begin(); at != channels.end() && log_bytes_ > enough; ++at) {
    MessageLog& log = (*at)->log_;
    log_bytes_ -= log.bytes();
    log.drop_older_half();
    log_bytes_ += log.bytes();
  }
}

std::int64_t World::spoke_ms(const Channel& channel, const PeerId& id) {
  const auto found = channel.spoke_.find(id);
  return found == channel.spoke_.end() ? 0 : found->second;
}

void World::note_spoken(Channel& channel, const PeerId& id, port::Instant now) {
  const std::int64_t over = now.steady_ms - std::int64_t{channel.state_.modes.slow_s} * 1000;
  constexpr std::size_t Few = 256;
  constexpr std::size_t Most = 65'536;
  auto& spoke = channel.spoke_;
  const bool added = spoke.insert_or_assign(id, now.steady_ms).second;
  if (!added || spoke.size() < std::max(Few, channel.spoke_sweep_at_)) return;
  for (auto at = spoke.begin(); at != spoke.end();) {  // who may speak again is forgotten
    at = at->second <= over ? spoke.erase(at) : std::next(at);
  }
  if (spoke.size() > Most) spoke.clear();
  channel.spoke_sweep_at_ = 2 * spoke.size();
}

std::set<PeerId> World::named_ids() const {
  std::set<PeerId> named;
  for (const auto& [name, channel] : channels_) {
    for (const auto& [id, kept] : channel.state_.kept) named.insert(id);
    for (const auto& [id, ban] : channel.state_.bans) named.insert(id);
    if (channel.state_.modes.persistent) named.insert(channel.creator_);
  }
  for (const auto& [id, ban] : server_bans_.ids()) named.insert(id);
  return named;
}

void World::expire_identities(std::int64_t retention_ms, port::Instant now) {
  const auto& by_age = identities_.by_age();
  const auto forget = [this](const PeerId& id) {
    const Identity* identity = identities_.find(id);
    if (identity != nullptr && identity->stored) changes_.ended_peers.insert(id);
    identities_.erase(id);
    changes_.peers.erase(id);
  };
  while (identities_.size() > limits_.identities) forget(PeerId(by_age.begin()->second));
  const std::int64_t before = now.unix_ms - retention_ms;
  if (by_age.empty() || by_age.begin()->first > before) return;
  const std::set<PeerId> named = named_ids();
  std::vector<PeerId> over;
  for (auto at = by_age.begin(); at != by_age.end() && at->first <= before; ++at) {
    if (named.count(at->second) == 0) over.push_back(at->second);
  }
  for (const PeerId& id : over) forget(id);
}

void World::ban(const PeerId& id, Ban ban) {
  server_bans_.add(id, std::move(ban));
  changes_.server_bans.insert(id.text());
}

void World::ban(const port::AddressRange& range, Ban ban) {
  server_bans_.add(range, std::move(ban));
  changes_.server_bans.insert(range.text());
}

void World::expire_server_bans(port::Instant now) {
  std::vector<PeerId> ids;
  for (const auto& [id, ban] : server_bans_.ids()) {
    if (is_over(ban.until_ms, now.unix_ms)) ids.push_back(id);
  }
  std::vector<port::AddressRange> ranges;
  for (const auto& [text, entry] : server_bans_.ranges()) {
    if (is_over(entry.ban.until_ms, now.unix_ms)) ranges.push_back(entry.range);
  }
  for (const PeerId& id : ids) unban(id);
  for (const port::AddressRange& range : ranges) unban(range);
}

bool World::unban(const PeerId& id) {
  mark_lifted(id.text());
  return server_bans_.lift(id);
}

bool World::unban(const port::AddressRange& range) {
  mark_lifted(range.text());
  return server_bans_.lift(range);
}

}  // namespace signaller::irc
