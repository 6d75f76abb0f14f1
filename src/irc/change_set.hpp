// A set of changes that the store does not have yet, by key.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "irc/text/object_id.hpp"
#include "port/records.hpp"

namespace signaller::irc {

/// The keys of changed things, not their values: an outage of the store costs no more memory than
/// the state itself. A thing that was created and deleted between two batches is not in the set.
/// Audit records are held as values, since nothing else holds them; their number is bounded.
struct ChangeSet {
  std::set<PeerId> ended_peers;  ///< peers to be deleted with their mail, before `peers` is written
  /// Channels to be deleted with members and logs; folded names.
  std::set<std::string> ended_channels;
  std::set<PeerId> peers;
  std::set<std::string> channels;                    ///< folded names
  std::set<std::pair<std::string, PeerId>> members;  ///< folded name, member

  std::map<std::string, std::uint64_t> logs;  ///< folded name → first message not stored
  std::map<PeerId, std::uint64_t> mail;       ///< receiver → first message not stored
  bool sealed = false;                        ///< no change follows this set
  std::set<std::string> server_bans;          ///< banned id or range, as text
  std::vector<port::AuditRecord> audit;       ///< in the order of their ids; at most MostAudit
  /// Maximum size of `audit`; above it, the oldest records are dropped.
  static constexpr std::size_t MostAudit = 1'000;

  [[nodiscard]] bool empty() const { return size() == 0 && !sealed; }
  /// The number of keys; a log or an inbox counts once.
  [[nodiscard]] std::size_t size() const {
    return ended_peers.size() + ended_channels.size() + peers.size() + channels.size() +
           members.size() + logs.size() + mail.size() + server_bans.size() + audit.size();
  }
  /// Adds the changes of a batch that the store has refused.
  void merge(ChangeSet&& other) {
    sealed = sealed || other.sealed;
    ended_peers.merge(other.ended_peers);
    ended_channels.merge(other.ended_channels);
    peers.merge(other.peers);
    channels.merge(other.channels);
    members.merge(other.members);
    server_bans.merge(other.server_bans);
    merge_first(logs, other.logs);
    merge_first(mail, other.mail);
    for (auto& record : other.audit) audit.push_back(std::move(record));
    sort_audit();
    bound_audit();
  }
  /// @param record  its id is above the ids of all other records
  void add(port::AuditRecord record) {
    audit.push_back(std::move(record));
    bound_audit();
  }

 private:
  /// Moves the entries of `other` to `firsts`. A log or inbox that is in both keeps the lower
  /// number.
  template <class Firsts>
  static void merge_first(Firsts& firsts, Firsts& other) {
    firsts.merge(other);
    for (const auto& [key, seq] : other) {
      auto& mine = firsts.at(key);
      mine = std::min(mine, seq);
    }
  }
  /// Sorts by id and removes duplicates: `mark_all` may have added records that were in a batch in
  /// progress.
  void sort_audit() {
    const auto below = [](const auto& a, const auto& b) { return a.id < b.id; };
    const auto same = [](const auto& a, const auto& b) { return a.id == b.id; };
    std::sort(audit.begin(), audit.end(), below);
    audit.erase(std::unique(audit.begin(), audit.end(), same), audit.end());
  }
  void bound_audit() {
    if (audit.size() <= MostAudit) return;
    const auto surplus = static_cast<std::ptrdiff_t>(audit.size() - MostAudit);
    audit.erase(audit.begin(), audit.begin() + surplus);
  }
};

}  // namespace signaller::irc
