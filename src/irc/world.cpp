#include "irc/world.hpp"

#include <algorithm>
#include <cassert>

#include "irc/text/text.hpp"

namespace signaller::irc {

Peer* World::find(const PeerId& id) {
  const auto found = tables_.peers.find(id);
  return found == tables_.peers.end() ? nullptr : &found->second;
}

Peer* World::find(Nick nick) {
  const auto found = nicks_.find(nick.text());
  return found == nicks_.end() ? nullptr : found->second;
}

Channel* World::find(ChannelName name) {
  const auto found = channel_index_.find(name.text());
  return found == channel_index_.end() ? nullptr : found->second;
}

Resolved World::resolve(const PeerRef& ref) {
  if (const auto* id = std::get_if<PeerId>(&ref)) return {find(*id), {}};
  if (const auto* nick = std::get_if<Nick>(&ref)) return {find(*nick), {}};
  const auto& prefix = std::get<IdPrefix>(ref);
  Resolved resolved;
  for (auto at = tables_.peers.lower_bound(prefix.first());
       at != tables_.peers.end() && !(prefix.last() < at->first); ++at) {
    if (resolved.candidates.size() == MaxCandidates) break;
    resolved.candidates.push_back(at->first);
    resolved.peer = &at->second;
  }
  if (resolved.candidates.size() > 1) {
    resolved.peer = nullptr;
  } else {
    resolved.candidates.clear();
  }
  return resolved;
}

Peer& World::add(PeerId id, Attachment attach, Claim claim, Profile profile, port::Random& random,
                 port::Instant now) {
  while (claim.owner_generation == 0) claim.owner_generation = random.next();
  const auto [at, added] = tables_.peers.try_emplace(id, id, attach, claim);
  assert(added);
  Peer& peer = at->second;
  peer.created_ms_ = now.unix_ms;
  peer.talked_ms_ = now.unix_ms;
  peer.inbox_epoch_ = static_cast<std::uint32_t>(random.next());
  if (const Identity* before = tables_.identities.find(id); before != nullptr) {
    peer.state_ = before->state;
    peer.created_ms_ = before->created_ms;
    peer.stored_ = peer.confirmed_ = before->stored;
    tables_.identities.erase(id);
  }
  count(peer, true);
  describe(peer, std::move(profile), now);
  return peer;
}

void World::remove(Peer& peer, port::Instant now) {
  while (!peer.channels_.empty()) leave(peer, *peer.channels_.back());
  set_nick(peer, {});
  if (peer.is_live()) --audience_[peer.form()];
  mailboxes_.remove(peer);
  if (peer.claim_.owned) {
    peer.state_.away.reset();
    tables_.identities.keep(peer.id_, {peer.claim_, std::move(peer.state_), peer.created_ms_,
                                       now.unix_ms, peer.stored_});
    constexpr std::size_t MostBlocks = 1'000'000;  // maximum in all identities together
    while (const auto bare = tables_.identities.drop_blocks(MostBlocks))
      changes_.peer_changed(*bare);
  }
  changes_.peer_ended(peer);
  tables_.peers.erase(PeerId(peer.id_));
}

void World::own(Peer& peer) {
  if (peer.claim_.owned) return;
  peer.claim_.owned = true;
  changes_.peer_changed(peer.id_);
}

/// Adds the peer to the readers of its form, in the server and in each of its channels; removes the
/// peer if `in` is false. A form without readers is not rendered.
void World::count(const Peer& peer, bool in) {
  const auto change = [&](FormCounts& counts) {
    if (in) {
      ++counts[peer.form()];
    } else {
      --counts[peer.form()];
    }
  };
  change(audience_);
  for (Channel* channel : peer.channels_) change(channel->audience_);
}

void World::suspend(Peer& peer) {
  assert(peer.is_live());
  count(peer, false);
  peer.attachment_.connection = {};
  changes_.peer_changed(peer.id_);
}

void World::attach(Peer& peer, Attachment attach) {
  if (peer.is_live()) count(peer, false);
  peer.attachment_ = attach;
  count(peer, true);
  changes_.peer_changed(peer.id_);
}

void World::describe(Peer& peer, Profile profile, port::Instant now) {
  set_nick(peer, std::move(profile.nick));
  peer.profile_.name = std::move(profile.name);
  peer.profile_.info = std::move(profile.info);
  peer.updated_ms_ = now.unix_ms;
  changes_.peer_changed(peer.id_);
}

void World::set_nick(Peer& peer, std::string nick) {
  if (!peer.profile_.nick.empty()) nicks_.erase(peer.profile_.nick);
  peer.profile_.nick = std::move(nick);
  if (peer.profile_.nick.empty()) return;
  const bool free = nicks_.emplace(peer.profile_.nick, &peer).second;
  assert(free);
  static_cast<void>(free);
}

PeerState& World::edit(Peer& peer, port::Instant now) {
  peer.updated_ms_ = now.unix_ms;
  changes_.peer_changed(peer.id_);
  return peer.state_;
}

std::uint64_t World::count_blocked_message(Peer& peer, const PeerId& blocked) {
  return ++peer.state_.blocks.at(blocked);
}

void World::remember(Peer& peer, std::string_view label, Acknowledged answer, port::Instant now) {
  if (!peer.label_cache_) peer.label_cache_ = std::make_unique<LabelCache>();
  peer.label_cache_->remember(label, std::move(answer), now.steady_ms, tables_.limits.labels);
}

Channel& World::create(ChannelName name, Peer& creator, std::optional<port::Digest> token,
                       port::Random& random, port::Instant now) {
  const auto [at, added] =
      tables_.channels.try_emplace(fold(name.text()), name, creator.id(), topics_.take());
  assert(added);
  Channel& channel = at->second;
  channel.state_.token = token;
  channel.state_.creator_generation = creator.claim_.owner_generation;
  channel.epoch_ = static_cast<std::uint32_t>(random.next());
  channel.created_ms_ = now.unix_ms;
  channel.updated_ms_ = now.unix_ms;
  channel_index_.emplace(channel.name_, &channel);
  changes_.channel_changed(channel);
  join(creator, channel);
  set_rank(channel, creator.id(), Rank::Operator, now);
  return channel;
}

Rank World::kept_rank(const Peer& peer, const Channel& channel) const {
  if (!peer.claim_.owned) return Rank::None;
  if (channel.creator_ == peer.id_ &&
      channel.state_.creator_generation == peer.claim_.owner_generation) {
    return Rank::Operator;
  }
  const auto kept = channel.state_.kept.find(peer.id_);
  const bool mine = kept != channel.state_.kept.end() &&
                    kept->second.owner_generation == peer.claim_.owner_generation;
  return mine ? kept->second.rank : Rank::None;
}

void World::join(Peer& peer, Channel& channel) {
  const Rank rank = kept_rank(peer, channel);
  if (channel.state_.kept.erase(peer.id_) != 0) changes_.channel_changed(channel);
  const bool stored = changes_.has_member_change(peer.id_, channel);
  const bool added = channel.members_.try_emplace(peer.id_, Member{&peer, rank, stored}).second;
  assert(added);
  static_cast<void>(added);
  if (rank != Rank::None) channel.ranked_.insert(peer.id_);
  if (peer.is_live()) ++channel.audience_[peer.form()];
  peer.channels_.push_back(&channel);
  changes_.member_changed(peer.id_, channel);
}

bool World::leave(Peer& peer, Channel& channel, bool for_good) {
  changes_.member_left(peer.id_, channel);
  const Rank rank = channel.rank_of(peer.id_);
  if (rank != Rank::None && peer.claim_.owned && !for_good &&
      channel.state_.kept.size() < tables_.limits.standings) {
    channel.state_.kept[peer.id_] = {rank, peer.claim_.owner_generation};
    changes_.channel_changed(channel);
  }
  channel.members_.erase(peer.id_);
  channel.ranked_.erase(peer.id_);
  if (peer.is_live()) --channel.audience_[peer.form()];
  auto& channels = peer.channels_;
  channels.erase(std::remove(channels.begin(), channels.end(), &channel), channels.end());
  return drop_if_empty(channel);
}

bool World::drop_if_empty(Channel& channel) {
  if (!channel.members_.empty() || channel.state_.modes.persistent) return false;
  std::string folded = fold(channel.name_);
  const bool stored = channel.stored_;
  channel_logs_.remove(channel);
  topics_.give_back(channel.topic_id_);
  channel_index_.erase(channel.name_);
  tables_.channels.erase(folded);
  changes_.channel_ended(std::move(folded), stored);
  return true;
}

ChannelState& World::edit(Channel& channel, port::Instant now) {
  channel.updated_ms_ = now.unix_ms;
  changes_.channel_changed(channel);
  return channel.state_;
}

void World::set_rank(Channel& channel, const PeerId& id, Rank rank, port::Instant now) {
  const auto member = channel.members_.find(id);
  if (member != channel.members_.end()) {
    member->second.rank = rank;
    changes_.member_changed(id, channel);
    if (rank == Rank::None) {
      channel.ranked_.erase(id);
    } else {
      channel.ranked_.insert(id);
    }
  } else if (rank == Rank::None) {
    edit(channel, now).kept.erase(id);
  } else if (const auto owner_generation = owner_generation_of(id)) {
    edit(channel, now).kept[id] = {rank, *owner_generation};
  }
  if (rank != Rank::Operator && id == channel.creator_) edit(channel, now).creator_generation = 0;
}

Rank World::rank_or_kept(const Channel& channel, const PeerId& id) const {
  if (channel.members_.count(id) != 0) return channel.rank_of(id);
  const auto owner_generation = owner_generation_of(id);
  if (!owner_generation) return Rank::None;
  if (id == channel.creator_ && channel.state_.creator_generation == *owner_generation)
    return Rank::Operator;
  const auto kept = channel.state_.kept.find(id);
  if (kept == channel.state_.kept.end() || kept->second.owner_generation != *owner_generation)
    return Rank::None;
  return kept->second.rank;
}

std::optional<std::uint64_t> World::owner_generation_of(const PeerId& id) const {
  const auto found = tables_.peers.find(id);
  if (found != tables_.peers.end()) {
    const Claim& claim = found->second.claim_;
    return claim.owned ? std::optional(claim.owner_generation) : std::nullopt;
  }
  const Identity* identity = tables_.identities.find(id);
  return identity == nullptr ? std::nullopt : std::optional(identity->claim.owner_generation);
}

}  // namespace signaller::irc
