// What has changed and is not stored yet: keys only, so that an outage of the store costs no
// more memory than the state itself. The audit log, which nothing else holds, is bounded.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "irc/object_id.hpp"
#include "port/records.hpp"

namespace signaller::irc {

struct Dirty {
  std::set<PeerId> peers;
  std::set<std::string> channels;                    ///< folded names
  std::set<std::pair<std::string, PeerId>> members;  ///< folded name, member

  std::set<std::string> server_bans;               ///< whom
  std::vector<port::AuditRecord> audit;            ///< by id; at most MostAudit
  static constexpr std::size_t MostAudit = 1'000;  ///< while the store takes nothing

  [[nodiscard]] bool empty() const {
    return peers.empty() && channels.empty() && members.empty() && server_bans.empty() &&
           audit.empty();
  }
  /// Adds the marks of a batch that the store has refused.
  void merge(Dirty&& other) {
    peers.merge(other.peers);
    channels.merge(other.channels);
    members.merge(other.members);
    server_bans.merge(other.server_bans);
    other.audit.insert(other.audit.end(), audit.begin(), audit.end());
    audit = std::move(other.audit);
    bound_audit();
  }
  /// An entry with a higher id than the others.
  void add(port::AuditRecord record) {
    audit.push_back(std::move(record));
    bound_audit();
  }

 private:
  /// The oldest go first.
  void bound_audit() {
    if (audit.size() <= MostAudit) return;
    const auto surplus = static_cast<std::ptrdiff_t>(audit.size() - MostAudit);
    audit.erase(audit.begin(), audit.begin() + surplus);
  }
};

}  // namespace signaller::irc
