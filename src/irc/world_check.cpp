// The invariants of the world, each with a text for its violation.
#include <fmt/format.h>

#include "irc/text/text.hpp"
#include "irc/world.hpp"

namespace signaller::irc {

std::string World::check() const {
  FormCounts audience{};
  std::size_t nicks = 0;
  std::size_t mail = 0;
  std::size_t logs = 0;
  for (const auto& [id, peer] : tables_.peers) {
    if (id != peer.id_) return fmt::format("peer {} has the key {}", peer.id_.text(), id.text());
    if (auto wrong = check_peer(peer); !wrong.empty()) return wrong;
    if (peer.is_live()) ++audience[peer.form()];
    if (tables_.identities.find(id) != nullptr)
      return fmt::format("{} is both a peer and an identity", id.text());
    mail += peer.inbox_ ? peer.inbox_->bytes() : 0;
    nicks += peer.nick().empty() ? 0 : 1;
  }
  if (audience != audience_) return "the audience of the server is miscounted";
  if (nicks != nicks_.size()) return "the index of nicks has a nick without peer";
  std::set<port::TopicId> topics{everybody()};
  for (const auto& [name, channel] : tables_.channels) {
    if (name != fold(channel.name_))
      return fmt::format("channel {} has the key {}", channel.name_, name);
    if (auto wrong = check_channel(channel); !wrong.empty()) return wrong;
    logs += channel.log_.bytes();
    const bool taken = topics_.is_taken(channel.topic_id_);
    if (!taken || !topics.insert(channel.topic_id_).second) {
      return fmt::format("the topic id of {} is used twice, or free", channel.name_);
    }
  }
  if (mail != mailboxes_.bytes()) return "the bytes of mail are miscounted";
  if (logs != channel_logs_.bytes()) return "the bytes of logs are miscounted";
  for (const auto& [id, identity] : tables_.identities.all()) {
    if (!identity.claim.owned) return fmt::format("the identity {} is not owned", id.text());
  }
  if (tables_.identities.by_age().size() != tables_.identities.size())
    return "the index of identities by age is incomplete";
  if (topics.size() > topics_.size()) return "more topic ids are used than are taken";
  if (channel_index_.size() != tables_.channels.size())
    return "the index of channels has a name without channel";
  return {};
}

std::string World::check_peer(const Peer& peer) const {
  if (!peer.nick().empty()) {
    const auto found = nicks_.find(peer.nick());
    if (found == nicks_.end() || found->second != &peer) {
      return fmt::format("{} is not found by its nick", peer.id_.text());
    }
  }
  const std::set<const Channel*> unique(peer.channels_.begin(), peer.channels_.end());
  if (unique.size() != peer.channels_.size()) {
    return fmt::format("{} is in a channel twice", peer.id_.text());
  }
  for (const Channel* channel : unique) {
    const auto found = channel->members_.find(peer.id_);
    if (found == channel->members_.end() || found->second.peer != &peer) {
      return fmt::format("{} is in {}, but not one of its members", peer.id_.text(),
                         channel->name_);
    }
  }
  return {};
}

std::string World::check_channel(const Channel& channel) const {
  if (channel.members_.empty() && !channel.state_.modes.persistent)
    return fmt::format("{} is empty", channel.name_);
  const auto indexed = channel_index_.find(channel.name_);
  if (indexed == channel_index_.end() || indexed->second != &channel) {
    return fmt::format("{} is not found by its name", channel.name_);
  }
  if (auto wrong = check_members(channel); !wrong.empty()) return wrong;
  const MessageLog& log = channel.log_;
  for (std::size_t i = 0; i < log.size(); ++i) {
    const std::uint64_t above = i + 1 < log.size() ? log[i + 1]->seq : channel.seq_ + 1;
    if (log[i]->seq >= above) return fmt::format("the log of {} is out of order", channel.name_);
  }
  if (channel.seq_ > channel.seq_reserved_) {
    return fmt::format("{} has used a number that is not reserved", channel.name_);
  }
  return {};
}

std::string World::check_members(const Channel& channel) const {
  FormCounts audience{};
  std::size_t ranked = 0;
  for (const auto& [id, member] : channel.members_) {
    const auto found = tables_.peers.find(id);
    if (found == tables_.peers.end() || &found->second != member.peer) {
      return fmt::format("{} has the member {}, which is no peer", channel.name_, id.text());
    }
    if (!member.peer->is_in(channel)) {
      return fmt::format("{} has the member {}, which is not in it", channel.name_, id.text());
    }
    const bool has_rank = member.rank != Rank::None;
    if (has_rank != (channel.ranked_.count(id) != 0)) {
      return fmt::format("{} lists the rank of {} incorrectly", channel.name_, id.text());
    }
    ranked += has_rank ? 1 : 0;
    if (member.peer->is_live()) ++audience[member.peer->form()];
    if (channel.state_.kept.count(id) != 0) {
      return fmt::format("{} keeps a rank for its member {}", channel.name_, id.text());
    }
  }
  if (ranked != channel.ranked_.size())
    return fmt::format("{} lists a rank without member", channel.name_);
  if (audience != channel.audience_)
    return fmt::format("the audience of {} is miscounted", channel.name_);
  return {};
}

}  // namespace signaller::irc
