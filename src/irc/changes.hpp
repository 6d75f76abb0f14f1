// What has changed and is not stored yet: keys only, so that an outage of the store costs no
// more memory than the state itself. What came and went without having been stored leaves no mark:
// there are never more than there is in memory and in the store. The audit log, which nothing else
// holds, is bounded.
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

struct ChangeMarks {
  std::set<PeerId> ended_peers;          ///< their mail goes; who is there under the id came after
  std::set<std::string> ended_channels;  ///< likewise with their members and logs
  std::set<PeerId> peers;
  std::set<std::string> channels;                    ///< folded names
  std::set<std::pair<std::string, PeerId>> members;  ///< folded name, member

  std::map<std::string, std::uint64_t> logs;       ///< folded name → its first message not stored
  std::map<PeerId, std::uint64_t> mail;            ///< receiver → its first message not stored
  bool sealed = false;                             ///< nothing comes after this batch
  std::set<std::string> server_bans;               ///< whom
  std::vector<port::AuditRecord> audit;            ///< by id; at most MostAudit
  static constexpr std::size_t MostAudit = 1'000;  ///< while the store takes nothing

  [[nodiscard]] bool empty() const {
    return ended_peers.empty() && ended_channels.empty() && peers.empty() && channels.empty() &&
           members.empty() && logs.empty() && mail.empty() && server_bans.empty() &&
           audit.empty() && !sealed;
  }
  /// Marks; what a log or an inbox has to be stored counts once.
  [[nodiscard]] std::size_t size() const {
    return ended_peers.size() + ended_channels.size() + peers.size() + channels.size() +
           members.size() + logs.size() + mail.size() + server_bans.size() + audit.size();
  }
  /// Adds the marks of a batch that the store has refused.
  void merge(ChangeMarks&& other) {
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
  /// An entry with a higher id than the others.
  void add(port::AuditRecord record) {
    audit.push_back(std::move(record));
    bound_audit();
  }

 private:
  /// Of two marks of the same log the lower one counts.
  template <class Marks>
  static void merge_first(Marks& marks, Marks& other) {
    marks.merge(other);
    for (const auto& [key, seq] : other) {
      auto& mine = marks.at(key);
      mine = std::min(mine, seq);
    }
  }
  /// By id, each once: all of them may have been marked while some were under way.
  void sort_audit() {
    const auto below = [](const auto& a, const auto& b) { return a.id < b.id; };
    const auto same = [](const auto& a, const auto& b) { return a.id == b.id; };
    std::sort(audit.begin(), audit.end(), below);
    audit.erase(std::unique(audit.begin(), audit.end(), same), audit.end());
  }
  /// The oldest go first.
  void bound_audit() {
    if (audit.size() <= MostAudit) return;
    const auto surplus = static_cast<std::ptrdiff_t>(audit.size() - MostAudit);
    audit.erase(audit.begin(), audit.begin() + surplus);
  }
};

}  // namespace signaller::irc
