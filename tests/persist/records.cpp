#include "tests/persist/records.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace signaller::tests {

port::PeerRecord peer(std::string id, std::string nick) {
  port::PeerRecord record;
  record.id = std::move(id);
  record.nick = std::move(nick);
  record.name = "Ann A.";
  record.info = "{\"a\":1.10}";
  record.away = "out";
  record.secret = std::string(64, 'a');
  record.owner_generation = 0xfedcba9876543210ULL;
  record.owned = true;
  record.here = true;
  record.dm = "shared";
  record.blocks = {"60", "61"};
  record.resume_ms = 90'000;
  // The peer has an inbox; a peer without an inbox has no mail.
  record.inbox_epoch = "1badcafe";
  record.inbox_seq = 1001;
  record.inbox_sequence_gap = 5;
  record.inbox_handed = 7;
  record.seen_ms = 3;
  record.created_ms = 1;
  record.updated_ms = 2;
  return record;
}
port::BanRecord ban(std::string whom, std::string reason) {
  return {std::move(whom), "5f", std::move(reason), 1'700'000'000'000, 1'700'000'060'000};
}
port::ChannelRecord channel(std::string name) {
  port::ChannelRecord record;
  record.name = std::move(name);
  record.topic = "t";
  record.creator = "5f";
  record.creator_generation = 7;
  record.epoch = "0badcafe";
  record.seq = 1000;
  record.sequence_gap = 998;
  record.token = std::string(64, 'b');
  record.modes = "+HPS 5 10";
  record.title = "The lobby";
  record.descp = "where one comes in";
  record.info = "{\"b\":[]}";
  record.ranks = {{"60", "@", 8, 0}, {"61", "+", 9, 0}};
  record.mutes = {{"62", "", 0, 1'700'000'000'000}};
  record.invites = {{"63", "", 0, 1'700'000'000'001}};
  record.bans = {ban("64"), ban("65", "")};
  record.created_ms = 1;
  record.updated_ms = 2;
  return record;
}
port::KeptMessage kept(std::uint64_t seq) {
  return {seq,
          1'700'000'000'000 + static_cast<std::int64_t>(seq),
          "m" + std::to_string(seq),
          "Ann A.",
          ":ann!5f PUBMSG #x :hi",
          "5f",
          "L-1"};
}
port::MessageRecord message(std::string channel, std::uint64_t seq, std::uint64_t first) {
  return {std::move(channel), first, kept(seq)};
}
port::MailRecord mail(std::string peer, std::uint64_t seq, std::uint64_t first) {
  return {std::move(peer), first, seq % 2 == 0, kept(seq)};
}
port::AuditRecord audit(std::uint64_t id, std::string verb) {
  port::AuditRecord record;
  record.id = id;
  record.unix_ms = 1'700'000'000'000;
  record.actor = "5f";
  record.operator_name = "root";
  record.verb = std::move(verb);
  record.target = "#x,60";
  record.reason = "too loud";
  record.before = "@";
  record.after = "+";
  return record;
}

std::string text(const std::string& value) {
  return std::to_string(value.size()) + ':' + value + ' ';
}
std::string text(std::int64_t value) {
  return std::to_string(value) + ' ';
}
std::string text(std::uint64_t value) {
  return std::to_string(value) + ' ';
}
std::string text(const port::BanRecord& one) {
  return text(one.whom) + text(one.by) + text(one.reason) + text(one.set_ms) + text(one.until_ms);
}
std::string text(const port::StandingRecord& one) {
  return text(one.peer) + text(one.rank) + text(one.owner_generation) + text(one.until_ms);
}

namespace {

template <class All>
std::string in_order(const All& all) {
  std::string out = "[";
  for (const auto& one : all) out += text(one);
  return out + "] ";
}
template <class One>
std::string in_any_order(const std::vector<One>& all) {
  std::vector<std::string> texts;
  for (const auto& one : all) texts.push_back(text(one));
  std::sort(texts.begin(), texts.end());
  std::string out = "[";
  for (const auto& one : texts) out += one;
  return out + "] ";
}

}  // namespace

std::string text(const port::PeerRecord& one) {
  return text(one.id) + text(one.nick) + text(one.name) + text(one.info) +
         (one.away ? text(*one.away) : "- ") + text(one.secret) + text(one.owner_generation) +
         (one.owned ? "owned " : "") + (one.here ? "here " : "gone ") + text(one.dm) +
         in_order(one.blocks) + text(one.resume_ms) + text(one.inbox_epoch) + text(one.inbox_seq) +
         text(one.inbox_sequence_gap) + text(one.inbox_handed) + text(one.seen_ms) +
         text(one.created_ms) + text(one.updated_ms);
}
std::string text(const port::ChannelRecord& one) {
  return text(one.name) + text(one.topic) + text(one.creator) + text(one.creator_generation) +
         text(one.epoch) + text(one.seq) + text(one.sequence_gap) + text(one.token) +
         text(one.modes) + text(one.title) + text(one.descp) + text(one.info) +
         in_any_order(one.ranks) + in_any_order(one.mutes) + in_any_order(one.invites) +
         in_any_order(one.bans) + text(one.created_ms) + text(one.updated_ms);
}
std::string text(const port::MemberRecord& one) {
  return text(one.channel) + text(one.peer) + text(one.rank);
}
std::string text(const port::KeptMessage& one) {
  return text(one.seq) + text(one.unix_ms) + text(one.msgid) + text(one.name) + text(one.line) +
         text(one.from) + text(one.label);
}
std::string text(const port::MessageRecord& one) {
  return text(one.channel) + text(one.message);
}
std::string text(const port::MailRecord& one) {
  return text(one.peer) + (one.handed ? "handed " : "") + text(one.message);
}
std::string text(const port::AuditRecord& one) {
  return text(one.id) + text(one.unix_ms) + text(one.actor) + text(one.operator_name) +
         text(one.verb) + text(one.target) + text(one.reason) + text(one.before) + text(one.after);
}
std::string text(const port::Snapshot& all) {
  const port::Snapshot one = sorted(all);
  return in_order(one.peers) + in_order(one.channels) + in_order(one.members) +
         in_order(one.messages) + in_order(one.mail) + in_order(one.bans) + in_order(one.audit);
}

port::Snapshot sorted(port::Snapshot all) {
  const auto by = [](auto& records, const auto& key) {
    std::stable_sort(records.begin(), records.end(),
                     [&](const auto& a, const auto& b) { return key(a) < key(b); });
  };
  by(all.peers, [](const auto& one) { return one.id; });
  by(all.channels, [](const auto& one) { return one.name; });
  by(all.members, [](const auto& one) { return std::tie(one.channel, one.peer); });
  by(all.messages, [](const auto& one) { return one.channel; });
  by(all.mail, [](const auto& one) { return one.peer; });
  by(all.bans, [](const auto& one) { return one.whom; });
  return all;
}

}  // namespace signaller::tests
