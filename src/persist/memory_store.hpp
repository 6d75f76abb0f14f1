// The store that is there without a database: it keeps everything until the process ends.
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

/// Answers before a call returns: nothing can go wrong. Nothing happens to it, so it never says
/// anything by itself.
class MemoryStore final : public port::Store {
 public:
  void load(const OnRestored& done) override;
  void save(std::vector<port::Record> records, std::uint64_t token, const OnStored& done) override;
  void close(const OnClosed& done) override { done(); }
  [[nodiscard]] port::StoreStatus status() const override;

 private:
  /// By number. One that is there already stays: it is the same, saved once more.
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
  std::map<std::string, port::ChannelRecord> channels_;                        ///< by folded name
  std::map<std::pair<std::string, std::string>, port::MemberRecord> members_;  ///< channel, peer
  std::map<std::string, Messages> logs_;                                       ///< by folded name
  std::map<std::string, std::map<std::uint64_t, Mail>> mail_;                  ///< by receiver
  std::map<std::string, port::BanRecord> bans_;                                ///< of the server
  std::map<std::uint64_t, port::AuditRecord> audit_;
  std::uint64_t written_ = 0;
  std::uint64_t batches_ = 0;
  bool sealed_ = false;
};

}  // namespace signaller::persist
