#include "irc/world.hpp"

#include <algorithm>
#include <cassert>
#include <tuple>

#include "irc/text.hpp"

namespace signaller::irc {
namespace {

/// So many numbers of a channel are stored ahead: a message needs no write of its own.
constexpr std::uint64_t SeqRange = 1000;

}  // namespace

Peer* World::find(const PeerId& id) {
  const auto found = peers_.find(id);
  return found == peers_.end() ? nullptr : &found->second;
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
  for (auto at = peers_.lower_bound(prefix.first());
       at != peers_.end() && !(prefix.last() < at->first); ++at) {
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

Peer& World::add(PeerId id, Seat seat, Profile profile, port::Random& random, port::Instant now) {
  const auto [at, added] = peers_.try_emplace(id, id, seat);
  assert(added);
  Peer& peer = at->second;
  peer.created_ms_ = now.unix_ms;
  peer.talked_ms_ = now.unix_ms;
  peer.inbox_epoch_ = static_cast<std::uint32_t>(random.next());
  ++audience_[peer.form()];
  describe(peer, std::move(profile), now);
  return peer;
}

void World::remove(Peer& peer) {
  while (!peer.channels_.empty()) leave(peer, *peer.channels_.back());
  set_nick(peer, {});
  --audience_[peer.form()];
  dirty_.peers.insert(peer.id_);
  peers_.erase(PeerId(peer.id_));
}

void World::describe(Peer& peer, Profile profile, port::Instant now) {
  set_nick(peer, std::move(profile.nick));
  peer.profile_.name = std::move(profile.name);
  peer.profile_.info = std::move(profile.info);
  peer.updated_ms_ = now.unix_ms;
  dirty_.peers.insert(peer.id_);
}

void World::set_nick(Peer& peer, std::string nick) {
  if (!peer.profile_.nick.empty()) nicks_.erase(peer.profile_.nick);
  peer.profile_.nick = std::move(nick);
  if (peer.profile_.nick.empty()) return;
  const bool free = nicks_.emplace(peer.profile_.nick, &peer).second;
  assert(free);
  static_cast<void>(free);
}

void World::set_away(Peer& peer, std::optional<std::string> away, port::Instant now) {
  peer.away_ = std::move(away);
  peer.updated_ms_ = now.unix_ms;
  dirty_.peers.insert(peer.id_);
}

Channel& World::create(ChannelName name, Peer& creator, std::string token, port::Random& random,
                       port::Instant now) {
  const auto [at, added] =
      channels_.try_emplace(fold(name.text()), name, creator.id(), take_topic_id());
  assert(added);
  Channel& channel = at->second;
  channel.token_ = std::move(token);
  channel.epoch_ = static_cast<std::uint32_t>(random.next());
  channel.created_ms_ = now.unix_ms;
  channel.updated_ms_ = now.unix_ms;
  channel_index_.emplace(channel.name_, &channel);
  dirty_.channels.insert(at->first);
  join(creator, channel, Rank::Operator);
  return channel;
}

void World::join(Peer& peer, Channel& channel, Rank rank) {
  const bool added = channel.members_.try_emplace(peer.id_, Member{&peer, rank}).second;
  assert(added);
  static_cast<void>(added);
  if (rank != Rank::None) channel.ranked_.insert(peer.id_);
  ++channel.audience_[peer.form()];
  peer.channels_.push_back(&channel);
  mark_member(peer, channel);
}

bool World::leave(Peer& peer, Channel& channel) {
  mark_member(peer, channel);
  channel.members_.erase(peer.id_);
  channel.ranked_.erase(peer.id_);
  --channel.audience_[peer.form()];
  auto& channels = peer.channels_;
  channels.erase(std::remove(channels.begin(), channels.end(), &channel), channels.end());
  if (!channel.members_.empty()) return false;
  std::string folded = fold(channel.name_);
  free_topic_ids_.push_back(channel.topic_id_);
  channel_index_.erase(channel.name_);
  channels_.erase(folded);
  dirty_.channels.insert(std::move(folded));
  return true;
}

void World::set_topic(Channel& channel, std::string topic, port::Instant now) {
  channel.topic_ = std::move(topic);
  channel.updated_ms_ = now.unix_ms;
  dirty_.channels.insert(fold(channel.name_));
}

std::uint64_t World::next_seq(Channel& channel) {
  if (++channel.seq_ > channel.seq_reserved_) {
    channel.seq_reserved_ += SeqRange;
    dirty_.channels.insert(fold(channel.name_));
  }
  return channel.seq_;
}

port::TopicId World::take_topic_id() {
  if (free_topic_ids_.empty()) return port::TopicId{++last_topic_id_};
  const port::TopicId topic = free_topic_ids_.back();
  free_topic_ids_.pop_back();
  return topic;
}

}  // namespace signaller::irc
