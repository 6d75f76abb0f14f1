// The stores behind port::Store live in this folder. This store keeps records in memory; redis/
// writes records to Redis, format/ is the stored form of a record, and tools/ inspects and cleans a
// store. Code here may know only Redis and the loop: protocol rules belong to commands/ and irc/,
// sockets of clients to net/.
// A store is used on the core thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "persist/format/encode.hpp"
#include "port/store.hpp"

namespace signaller::persist {

/// Holds every record until the process ends. Calls its callbacks before the method returns, never
/// fails, and never raises an event.
class MemoryStore final : public port::Store {
 public:
  void load(const OnRestored& done) override;
  void save(std::vector<port::Record> records, std::uint64_t token, const OnStored& done) override;
  void close(const OnClosed& done) override { done(); }
  [[nodiscard]] port::StoreStatus status() const override;

 private:
  /// Messages by sequence number. Saving a message again keeps the first copy.
  using Messages = std::map<std::uint64_t, port::KeptMessage>;
  struct Mail {
    bool handed = false;
    port::KeptMessage message;
  };

  void apply(port::PeerRecord&& record);
  void apply(port::ChannelRecord&& record);
  void apply(port::MemberRecord&& record);
  void apply(port::MessageRecord&& record);
  void apply(port::MailRecord&& record);
  void apply(port::BanRecord&& record);
  void apply(port::AuditRecord&& record);
  void apply(port::LogGone&& gone);
  void apply(port::MailGone&& gone);
  void apply(port::PeerGone&& gone);
  void apply(port::ChannelGone&& gone);
  void apply(port::MemberGone&& gone);
  void apply(port::ServerBanGone&& gone);
  void apply(port::Sealed&& sealed);

  std::map<std::string, port::PeerRecord> peers_;
  std::map<std::string, port::ChannelRecord> channels_;  ///< by folded channel name
  /// Members by channel and peer.
  std::map<std::pair<std::string, std::string>, port::MemberRecord> members_;
  std::map<std::string, Messages> logs_;                       ///< by folded channel name
  std::map<std::string, std::map<std::uint64_t, Mail>> mail_;  ///< by receiver
  std::map<std::string, port::BanRecord> bans_;                ///< server bans by subject
  std::map<std::uint64_t, port::AuditRecord> audit_;
  std::uint64_t written_ = 0;
  std::uint64_t batches_ = 0;
  bool sealed_ = false;
};

}  // namespace signaller::persist
