// The store that is there without a database: it keeps everything until the process ends.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "port/store.hpp"

namespace signaller::persist {

/// Audit entries that are kept: /audit shows no more.
constexpr std::size_t AuditEntries = 1'000;

class MemoryStore final : public port::Store {
 public:
  port::Snapshot load() override;
  /// Calls `done` before it returns: nothing can go wrong.
  void save(std::vector<port::Record> records, std::uint64_t token, const OnStored& done) override;
  [[nodiscard]] port::StoreStatus status() const override;

 private:
  void apply(port::PeerRecord&& record);
  void apply(port::ChannelRecord&& record);
  void apply(port::MemberRecord&& record);
  void apply(port::BanRecord&& record);
  void apply(port::AuditRecord&& record);
  void apply(port::PeerGone&& gone);
  void apply(port::ChannelGone&& gone);
  void apply(port::MemberGone&& gone);
  void apply(port::ServerBanGone&& gone);

  std::map<std::string, port::PeerRecord> peers_;
  std::map<std::string, port::ChannelRecord> channels_;                        ///< by folded name
  std::map<std::pair<std::string, std::string>, port::MemberRecord> members_;  ///< channel, peer
  std::map<std::string, port::BanRecord> bans_;                                ///< of the server
  std::map<std::uint64_t, port::AuditRecord> audit_;
  std::uint64_t written_ = 0;
};

}  // namespace signaller::persist
