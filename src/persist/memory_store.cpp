#include "persist/memory_store.hpp"

#include <variant>

namespace signaller::persist {
namespace {

/// The key of a channel: ASCII letters to lower case, as records.hpp says.
std::string fold(std::string name) {
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return name;
}

}  // namespace

port::Snapshot MemoryStore::load() {
  port::Snapshot snapshot;
  for (const auto& [id, record] : peers_) snapshot.peers.push_back(record);
  for (const auto& [name, record] : channels_) snapshot.channels.push_back(record);
  for (const auto& [key, record] : members_) snapshot.members.push_back(record);
  for (const auto& [whom, record] : bans_) snapshot.bans.push_back(record);
  for (const auto& [id, record] : audit_) snapshot.audit.push_back(record);
  return snapshot;
}

void MemoryStore::save(std::vector<port::Record> records, std::uint64_t token,
                       const OnStored& done) {
  written_ += records.size();
  for (auto& record : records) {
    std::visit([this](auto& one) { apply(std::move(one)); }, record);
  }
  done({token, true});
}

port::StoreStatus MemoryStore::status() const {
  port::StoreStatus status;
  status.kind = "memory";
  status.ready = true;
  status.records =
      peers_.size() + channels_.size() + members_.size() + bans_.size() + audit_.size();
  status.written = written_;
  return status;
}

void MemoryStore::apply(port::PeerRecord&& record) {
  auto key = record.id;
  peers_.insert_or_assign(std::move(key), std::move(record));
}

void MemoryStore::apply(port::ChannelRecord&& record) {
  auto key = fold(record.name);
  channels_.insert_or_assign(std::move(key), std::move(record));
}

void MemoryStore::apply(port::MemberRecord&& record) {
  auto key = std::make_pair(record.channel, record.peer);
  members_.insert_or_assign(std::move(key), std::move(record));
}

void MemoryStore::apply(port::BanRecord&& record) {
  auto key = record.whom;
  bans_.insert_or_assign(std::move(key), std::move(record));
}

void MemoryStore::apply(port::AuditRecord&& record) {
  const auto id = record.id;
  audit_.insert_or_assign(id, std::move(record));
  if (audit_.size() > AuditEntries) audit_.erase(audit_.begin());
}

void MemoryStore::apply(port::ServerBanGone&& gone) {
  bans_.erase(gone.whom);
}

void MemoryStore::apply(port::PeerGone&& gone) {
  peers_.erase(gone.id);
}

void MemoryStore::apply(port::ChannelGone&& gone) {
  channels_.erase(gone.channel);
  const auto first = members_.lower_bound({gone.channel, {}});
  auto last = first;
  while (last != members_.end() && last->first.first == gone.channel) ++last;
  members_.erase(first, last);
}

void MemoryStore::apply(port::MemberGone&& gone) {
  members_.erase({std::move(gone.channel), std::move(gone.peer)});
}

}  // namespace signaller::persist
