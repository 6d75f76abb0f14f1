#include "persist/tools/gc_plan.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_set>
#include <utility>

#include "persist/format/record_fields.hpp"

namespace signaller::persist {
namespace {

using Words = std::pair<std::string_view, std::string_view>;

/// In the order of Waste.
constexpr std::array<Words, Wastes> Texts{
    Words{"listings", "listings without a peer or channel"},
    Words{"peers", "peers that nobody can be"},
    Words{"channels", "channels that no index lists"},
    Words{"members", "members that are not here"},
    Words{"standings", "standings without a channel"},
    Words{"ranks", "ranks kept for nobody"},
    Words{"expired", "mutes, invitations and bans that are over"},
    Words{"logs", "logs without a channel"},
    Words{"mail", "mail without a receiver"},
    Words{"corrupt", "what cannot be read"},
};

bool is_over(std::int64_t until_ms, std::int64_t now_ms) {
  return until_ms != 0 && until_ms <= now_ms;
}

class GcPlanner {
 public:
  GcPlanner(const Keyspace& keyspace, const Keys& keys, std::int64_t now_ms, bool corrupt)
      : keyspace_(keyspace), keys_(keys), now_ms_(now_ms), corrupt_(corrupt) {}

  GcPlan run() {
    sweep_peers();
    sweep_channels();
    sweep_listings();
    sweep_mail();
    sweep_logs();
    for (const auto& [name, channel] : keyspace_.channels) sweep_members(name, channel);
    for (const auto& [name, standings] : keyspace_.standings) sweep_standings(name, standings);
    for (const auto& ban : keyspace_.bans) {
      if (is_over(ban.until_ms, now_ms_)) remove_field(Waste::Expired, keys_.bans(), ban.whom);
    }
    for (const auto& part : keyspace_.corrupt) sweep_corrupt(part);
    out_.unknown.assign(keyspace_.unknown.begin(), keyspace_.unknown.end());
    return std::move(out_);
  }

 private:
  void remove_key(Waste waste, const std::string& key) {
    if (gone_.insert(key).second) out_.removals.push_back({waste, key, {}, {"UNLINK", key}});
  }
  void remove_field(Waste waste, const std::string& key, const std::string& field) {
    out_.removals.push_back({waste, key, field, {"HDEL", key, field}});
  }
  [[nodiscard]] bool is_there(const std::string& key) const {
    return keyspace_.keys.count(key) != 0 && gone_.count(key) == 0;
  }

  /// Of a peer or a channel: what cannot be read may be mended, unless it is to go.
  void judge(KeyState state, const std::string& key, Waste waste, bool reachable) {
    if (state == KeyState::Corrupt) {
      if (corrupt_) {
        remove_key(Waste::Corrupt, key);
      } else {
        out_.left.push_back({Waste::Corrupt, key, {}, {}});
      }
    } else if (state == KeyState::Sound && !reachable) {
      remove_key(waste, key);
    }
  }
  static std::unordered_set<std::string_view> names_of(const std::vector<Listing>& listings) {
    std::unordered_set<std::string_view> names;
    for (const auto& one : listings) names.insert(one.name);
    return names;
  }
  /// One whose index is of another type may be listed there: that index can be mended.
  [[nodiscard]] bool is_foreign(const std::string& index) const {
    return keyspace_.unknown.count(index) != 0;
  }
  void sweep_peers() {
    const auto listed = names_of(keyspace_.listed_peers);
    for (const auto& [id, peer] : keyspace_.peers) {
      const bool in_index = listed.count(id) != 0 || is_foreign(keys_.peers_of(id));
      const bool reachable = in_index && (peer.here || peer.owned);
      judge(peer.state, keys_.peer(id), Waste::Peer, reachable);
    }
  }
  void sweep_channels() {
    const auto listed = names_of(keyspace_.listed_channels);
    for (const auto& [name, channel] : keyspace_.channels) {
      const bool in_index = listed.count(name) != 0 || is_foreign(keys_.channels_of(name));
      judge(channel.state, keys_.channel(name), Waste::Channel, in_index);
    }
  }
  void sweep_listings() {
    const auto plan = [this](const Listing& one, const std::string& key) {
      if (is_there(key)) return;
      out_.removals.push_back({Waste::Listing, one.index, one.name, {"SREM", one.index, one.name}});
    };
    for (const auto& one : keyspace_.listed_peers) plan(one, keys_.peer(one.name));
    for (const auto& one : keyspace_.listed_channels) plan(one, keys_.channel(one.name));
  }

  /// The peer, if it is there and can be read.
  [[nodiscard]] const PeerFound* sound_peer(const std::string& id) const {
    const auto found = keyspace_.peers.find(id);
    return found != keyspace_.peers.end() && found->second.state == KeyState::Sound ? &found->second
                                                                                    : nullptr;
  }
  /// Whether it may be that a peer has something: also one that cannot be read.
  template <class Has>
  [[nodiscard]] bool peer_may(const std::string& id, const Has& has) const {
    if (!is_there(keys_.peer(id))) return false;
    const PeerFound* peer = sound_peer(id);
    return peer == nullptr || has(*peer);
  }
  void sweep_mail() {
    const auto receives = [](const PeerFound& peer) { return peer.here && peer.inbox; };
    for (const auto& id : keyspace_.mail) {
      if (!peer_may(id, receives)) remove_key(Waste::Mail, keys_.mail(id));
    }
  }
  void sweep_logs() {
    for (const auto& name : keyspace_.logs) {
      if (!is_there(keys_.channel(name))) remove_key(Waste::Log, keys_.log(name));
    }
  }
  void sweep_members(const std::string& name, const ChannelFound& channel) {
    const std::string key = keys_.channel(name);
    if (!is_there(key)) return;
    const auto here = [](const PeerFound& peer) { return peer.here; };
    for (const auto& id : channel.members) {
      if (!peer_may(id, here)) remove_field(Waste::Member, key, std::string(MemberField) + id);
    }
  }
  void sweep_standings(const std::string& name, const port::ChannelRecord& standings) {
    const std::string key = keys_.standing(name);
    if (!is_there(keys_.channel(name))) {
      remove_key(Waste::Standings, key);
      return;
    }
    for (const auto& one : standings.ranks) {
      const auto theirs = [&one](const PeerFound& peer) {
        return peer.owner_generation == one.owner_generation;
      };
      if (!peer_may(one.peer, theirs)) {
        remove_field(Waste::Rank, key, std::string(RankField) + one.peer);
      }
    }
    const auto expire = [&](std::string_view kind, const std::string& peer, std::int64_t until_ms) {
      if (is_over(until_ms, now_ms_)) remove_field(Waste::Expired, key, std::string(kind) + peer);
    };
    for (const auto& one : standings.mutes) expire(MuteField, one.peer, one.until_ms);
    for (const auto& one : standings.invites) expire(InviteField, one.peer, one.until_ms);
    for (const auto& one : standings.bans) expire(BanField, one.whom, one.until_ms);
  }
  void sweep_corrupt(const CorruptPart& part) {
    if (gone_.count(part.key) != 0) return;
    auto& into = corrupt_ ? out_.removals : out_.left;
    into.push_back({Waste::Corrupt, part.key, part.part, part.removal});
  }

  const Keyspace& keyspace_;
  const Keys& keys_;
  const std::int64_t now_ms_;
  const bool corrupt_;
  GcPlan out_;
  std::unordered_set<std::string> gone_;  ///< keys that go as a whole
};

}  // namespace

std::string_view waste_text(Waste waste) {
  return Texts[static_cast<std::size_t>(waste)].second;
}
std::string_view waste_word(Waste waste) {
  return Texts[static_cast<std::size_t>(waste)].first;
}

GcPlan plan_gc(const Keyspace& keyspace, const Keys& keys, std::int64_t now_ms, bool corrupt) {
  return GcPlanner(keyspace, keys, now_ms, corrupt).run();
}

GcPlan common(const GcPlan& before, GcPlan now) {
  const auto keep = [](const std::vector<Removal>& known, std::vector<Removal>& all) {
    std::set<std::pair<std::string_view, std::string_view>> names;
    for (const auto& one : known) names.emplace(one.key, one.part);
    const auto is_new = [&names](const Removal& one) {
      return names.count({one.key, one.part}) == 0;
    };
    all.erase(std::remove_if(all.begin(), all.end(), is_new), all.end());
  };
  keep(before.removals, now.removals);
  keep(before.left, now.left);
  const std::set<std::string_view> known(before.unknown.begin(), before.unknown.end());
  const auto is_new = [&known](const std::string& key) { return known.count(key) == 0; };
  now.unknown.erase(std::remove_if(now.unknown.begin(), now.unknown.end(), is_new),
                    now.unknown.end());
  return now;
}

}  // namespace signaller::persist
