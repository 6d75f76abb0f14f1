#include "persist/tools/gc_plan.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_set>
#include <utility>

#include "persist/format/record_fields.hpp"

namespace signaller::persist {
namespace {

using KindNames = std::pair<std::string_view, std::string_view>;

/// JSON name and text heading, in the order of GarbageKind.
constexpr std::array<KindNames, GarbageKinds> AllKindNames{
    KindNames{"listings", "index entries without a peer or channel"},
    KindNames{"peers", "unreachable peers"},
    KindNames{"channels", "channels that no index lists"},
    KindNames{"members", "members without a session"},
    KindNames{"standings", "standings without a channel"},
    KindNames{"ranks", "ranks of peers that do not exist"},
    KindNames{"expired", "expired mutes, invitations and bans"},
    KindNames{"logs", "logs without a channel"},
    KindNames{"mail", "mail without a receiver"},
    KindNames{"corrupt", "unreadable data"},
};

bool has_expired(std::int64_t until_ms, std::int64_t now_ms) {
  return until_ms != 0 && until_ms <= now_ms;
}

class GcPlanner {
 public:
  GcPlanner(const Keyspace& keyspace, const Keys& keys, std::int64_t now_ms, bool corrupt)
      : keyspace_(keyspace), keys_(keys), now_ms_(now_ms), corrupt_(corrupt) {}

  GcPlan plan() {
    plan_peers();
    plan_channels();
    plan_index_entries();
    plan_mail();
    plan_logs();
    for (const auto& [name, channel] : keyspace_.channels) plan_members(name, channel);
    for (const auto& [name, standings] : keyspace_.standings) plan_standings(name, standings);
    for (const auto& ban : keyspace_.bans) {
      if (has_expired(ban.until_ms, now_ms_))
        remove_field(GarbageKind::Expired, keys_.bans(), ban.whom);
    }
    for (const auto& part : keyspace_.corrupt) plan_corrupt(part);
    plan_.unknown.assign(keyspace_.unknown.begin(), keyspace_.unknown.end());
    return std::move(plan_);
  }

 private:
  void remove_key(GarbageKind kind, const std::string& key) {
    if (removed_keys_.insert(key).second)
      plan_.removals.push_back({kind, key, {}, {"UNLINK", key}});
  }
  void remove_field(GarbageKind kind, const std::string& key, const std::string& field) {
    plan_.removals.push_back({kind, key, field, {"HDEL", key, field}});
  }
  [[nodiscard]] bool remains(const std::string& key) const {
    return keyspace_.keys.count(key) != 0 && removed_keys_.count(key) == 0;
  }

  /// Plans to remove the key of a peer or a channel if the key is unreachable. An unreadable key is
  /// kept unless `corrupt` is set, because somebody may repair it.
  void plan_key(KeyState state, const std::string& key, GarbageKind kind, bool reachable) {
    if (state == KeyState::Corrupt) {
      if (corrupt_) {
        remove_key(GarbageKind::Corrupt, key);
      } else {
        plan_.unreadable.push_back({GarbageKind::Corrupt, key, {}, {}});
      }
    } else if (state == KeyState::Valid && !reachable) {
      remove_key(kind, key);
    }
  }
  static std::unordered_set<std::string_view> names_of(const std::vector<IndexEntry>& entries) {
    std::unordered_set<std::string_view> names;
    for (const auto& item : entries) names.insert(item.name);
    return names;
  }
  /// True if the index set has the wrong type. Such a set may have listed the name, and somebody
  /// may repair the set.
  [[nodiscard]] bool has_wrong_type(const std::string& index) const {
    return keyspace_.unknown.count(index) != 0;
  }
  void plan_peers() {
    const auto listed = names_of(keyspace_.peer_index);
    for (const auto& [id, peer] : keyspace_.peers) {
      const bool in_index = listed.count(id) != 0 || has_wrong_type(keys_.peers_of(id));
      const bool reachable = in_index && (peer.here || peer.owned);
      plan_key(peer.state, keys_.peer(id), GarbageKind::Peer, reachable);
    }
  }
  void plan_channels() {
    const auto listed = names_of(keyspace_.channel_index);
    for (const auto& [name, channel] : keyspace_.channels) {
      const bool in_index = listed.count(name) != 0 || has_wrong_type(keys_.channels_of(name));
      plan_key(channel.state, keys_.channel(name), GarbageKind::Channel, in_index);
    }
  }
  void plan_index_entries() {
    const auto plan_entry = [this](const IndexEntry& item, const std::string& key) {
      if (remains(key)) return;
      plan_.removals.push_back(
          {GarbageKind::IndexEntry, item.index, item.name, {"SREM", item.index, item.name}});
    };
    for (const auto& item : keyspace_.peer_index) plan_entry(item, keys_.peer(item.name));
    for (const auto& item : keyspace_.channel_index) plan_entry(item, keys_.channel(item.name));
  }

  /// Returns null if the peer does not exist or cannot be read.
  [[nodiscard]] const StoredPeer* valid_peer(const std::string& id) const {
    const auto found = keyspace_.peers.find(id);
    return found != keyspace_.peers.end() && found->second.state == KeyState::Valid ? &found->second
                                                                                    : nullptr;
  }
  /// True if the peer exists and `has` holds for it. An unreadable peer counts as true.
  template <class Has>
  [[nodiscard]] bool peer_may(const std::string& id, const Has& has) const {
    if (!remains(keys_.peer(id))) return false;
    const StoredPeer* peer = valid_peer(id);
    return peer == nullptr || has(*peer);
  }
  void plan_mail() {
    const auto receives = [](const StoredPeer& peer) { return peer.here && peer.inbox; };
    for (const auto& id : keyspace_.mail) {
      if (!peer_may(id, receives)) remove_key(GarbageKind::Mail, keys_.mail(id));
    }
  }
  void plan_logs() {
    for (const auto& name : keyspace_.logs) {
      if (!remains(keys_.channel(name))) remove_key(GarbageKind::Log, keys_.log(name));
    }
  }
  void plan_members(const std::string& name, const StoredChannel& channel) {
    const std::string key = keys_.channel(name);
    if (!remains(key)) return;
    const auto here = [](const StoredPeer& peer) { return peer.here; };
    for (const auto& id : channel.members) {
      if (!peer_may(id, here))
        remove_field(GarbageKind::Member, key, std::string(MemberField) + id);
    }
  }
  void plan_standings(const std::string& name, const port::ChannelRecord& standings) {
    const std::string key = keys_.standing(name);
    if (!remains(keys_.channel(name))) {
      remove_key(GarbageKind::Standings, key);
      return;
    }
    for (const auto& item : standings.ranks) {
      const auto theirs = [&item](const StoredPeer& peer) {
        return peer.owner_generation == item.owner_generation;
      };
      if (!peer_may(item.peer, theirs)) {
        remove_field(GarbageKind::Rank, key, std::string(RankField) + item.peer);
      }
    }
    const auto expire = [&](std::string_view kind, const std::string& peer, std::int64_t until_ms) {
      if (has_expired(until_ms, now_ms_))
        remove_field(GarbageKind::Expired, key, std::string(kind) + peer);
    };
    for (const auto& item : standings.mutes) expire(MuteField, item.peer, item.until_ms);
    for (const auto& item : standings.invites) expire(InviteField, item.peer, item.until_ms);
    for (const auto& item : standings.bans) expire(BanField, item.whom, item.until_ms);
  }
  void plan_corrupt(const CorruptPart& part) {
    if (removed_keys_.count(part.key) != 0) return;
    auto& into = corrupt_ ? plan_.removals : plan_.unreadable;
    into.push_back({GarbageKind::Corrupt, part.key, part.part, part.removal});
  }

  const Keyspace& keyspace_;
  const Keys& keys_;
  const std::int64_t now_ms_;
  const bool corrupt_;
  GcPlan plan_;
  std::unordered_set<std::string> removed_keys_;  ///< keys that are removed as a whole
};

}  // namespace

std::string_view garbage_text(GarbageKind kind) {
  return AllKindNames[static_cast<std::size_t>(kind)].second;
}
std::string_view garbage_name(GarbageKind kind) {
  return AllKindNames[static_cast<std::size_t>(kind)].first;
}

GcPlan plan_gc(const Keyspace& keyspace, const Keys& keys, std::int64_t now_ms, bool corrupt) {
  return GcPlanner(keyspace, keys, now_ms, corrupt).plan();
}

GcPlan intersect(const GcPlan& before, GcPlan now) {
  const auto keep = [](const std::vector<Removal>& known, std::vector<Removal>& all) {
    std::set<std::pair<std::string_view, std::string_view>> names;
    for (const auto& item : known) names.emplace(item.key, item.part);
    const auto is_new = [&names](const Removal& item) {
      return names.count({item.key, item.part}) == 0;
    };
    all.erase(std::remove_if(all.begin(), all.end(), is_new), all.end());
  };
  keep(before.removals, now.removals);
  keep(before.unreadable, now.unreadable);
  const std::set<std::string_view> known(before.unknown.begin(), before.unknown.end());
  const auto is_new = [&known](const std::string& key) { return known.count(key) == 0; };
  now.unknown.erase(std::remove_if(now.unknown.begin(), now.unknown.end(), is_new),
                    now.unknown.end());
  return now;
}

}  // namespace signaller::persist
