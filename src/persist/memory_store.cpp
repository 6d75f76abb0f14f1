#include "persist/memory_store.hpp"

#include <utility>
#include <variant>

namespace signaller::persist {

void MemoryStore::load(const OnRestored& done) {
  port::Restored restored;
  port::Snapshot& snapshot = restored.snapshot;
  for (const auto& [id, record] : peers_) snapshot.peers.push_back(record);
  for (const auto& [name, record] : channels_) snapshot.channels.push_back(record);
  for (const auto& [key, record] : members_) snapshot.members.push_back(record);
  for (const auto& [name, log] : logs_) {
    for (const auto& [seq, message] : log) snapshot.messages.push_back({name, 0, message});
  }
  for (const auto& [id, mail] : mail_) {
    for (const auto& [seq, stored] : mail) {
      snapshot.mail.push_back({id, 0, stored.handed, stored.message});
    }
  }
  for (const auto& [whom, record] : bans_) snapshot.bans.push_back(record);
  for (const auto& [id, record] : audit_) snapshot.audit.push_back(record);
  snapshot.sealed = std::exchange(sealed_, false);
  done(std::move(restored));
}

void MemoryStore::save(std::vector<port::Record> records, std::uint64_t token,
                       const OnStored& done) {
  sealed_ = false;
  written_ += records.size();
  ++batches_;
  for (auto& record : records) {
    std::visit([this](auto& typed) { apply(std::move(typed)); }, record);
  }
  done({token, true});
}

port::StoreStatus MemoryStore::status() const {
  port::StoreStatus status;
  status.kind = "memory";
  status.ready = true;
  status.records =
      peers_.size() + channels_.size() + members_.size() + bans_.size() + audit_.size();
  for (const auto& [name, log] : logs_) status.records += log.size();
  for (const auto& [id, mail] : mail_) status.records += mail.size();
  status.written = written_;
  status.batches = batches_;
  return status;
}

void MemoryStore::apply(port::PeerRecord&& record) {
  auto key = record.id;
  if (std::exchange(record.fresh, false)) apply(port::MailGone{key});
  peers_.insert_or_assign(std::move(key), std::move(record));
}

void MemoryStore::apply(port::ChannelRecord&& record) {
  auto key = folded(record.name);
  if (std::exchange(record.fresh, false)) apply(port::ChannelGone{key});
  channels_.insert_or_assign(std::move(key), std::move(record));
}

void MemoryStore::apply(port::MemberRecord&& record) {
  auto key = std::make_pair(record.channel, record.peer);
  members_.insert_or_assign(std::move(key), std::move(record));
}

void MemoryStore::apply(port::MessageRecord&& record) {
  auto& log = logs_[record.channel];
  const std::uint64_t seq = record.message.seq;
  log.erase(log.begin(), seq == record.first ? log.end() : log.lower_bound(record.first));
  log.emplace(seq, std::move(record.message));
}

void MemoryStore::apply(port::MailRecord&& record) {
  auto& mail = mail_[record.peer];
  const std::uint64_t seq = record.message.seq;
  mail.erase(mail.begin(), seq == record.first ? mail.end() : mail.lower_bound(record.first));
  mail.emplace(seq, Mail{record.handed, std::move(record.message)});
}

void MemoryStore::apply(port::Sealed&& /*sealed*/) {
  sealed_ = true;
}

void MemoryStore::apply(port::BanRecord&& record) {
  auto key = record.whom;
  bans_.insert_or_assign(std::move(key), std::move(record));
}

void MemoryStore::apply(port::AuditRecord&& record) {
  const auto id = record.id;
  audit_.emplace(id, std::move(record));
  if (audit_.size() > AuditEntries) audit_.erase(audit_.begin());
}

void MemoryStore::apply(port::ServerBanGone&& gone) {
  bans_.erase(gone.whom);
}

void MemoryStore::apply(port::LogGone&& gone) {
  logs_.erase(gone.channel);
}

void MemoryStore::apply(port::MailGone&& gone) {
  mail_.erase(gone.peer);
}

void MemoryStore::apply(port::PeerGone&& gone) {
  peers_.erase(gone.id);
  mail_.erase(gone.id);
}

void MemoryStore::apply(port::ChannelGone&& gone) {
  channels_.erase(gone.channel);
  logs_.erase(gone.channel);
  const auto first = members_.lower_bound({gone.channel, {}});
  auto last = first;
  while (last != members_.end() && last->first.first == gone.channel) ++last;
  members_.erase(first, last);
}

void MemoryStore::apply(port::MemberGone&& gone) {
  members_.erase({std::move(gone.channel), std::move(gone.peer)});
}

}  // namespace signaller::persist
