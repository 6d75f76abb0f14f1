// Sample records, and their text form for comparisons.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "port/store.hpp"

namespace signaller::tests {

// Records with a value in every field, so that a lost field is noticed.

port::PeerRecord peer(std::string id, std::string nick);
port::BanRecord ban(std::string whom, std::string reason = "too loud");
port::ChannelRecord channel(std::string name);
port::KeptMessage kept(std::uint64_t seq);
port::MessageRecord message(std::string channel, std::uint64_t seq, std::uint64_t first = 1);
port::MailRecord mail(std::string peer, std::uint64_t seq, std::uint64_t first = 1);
port::AuditRecord audit(std::uint64_t id, std::string verb = "kick");

// The text form of a whole record: equal texts mean equal records. Unordered parts are sorted.

std::string text(const std::string& value);
std::string text(std::int64_t value);
std::string text(std::uint64_t value);
std::string text(const port::BanRecord& one);
std::string text(const port::StandingRecord& one);
std::string text(const port::PeerRecord& one);
std::string text(const port::ChannelRecord& one);
std::string text(const port::MemberRecord& one);
std::string text(const port::KeptMessage& one);
/// The text form without `first`, whose value follows from the log.
std::string text(const port::MessageRecord& one);
std::string text(const port::MailRecord& one);
std::string text(const port::AuditRecord& one);
/// The text form of a whole snapshot.
std::string text(const port::Snapshot& all);

/// Sorts a snapshot by key, because stores load peers, channels, members and bans in any order.
port::Snapshot sorted(port::Snapshot all);

}  // namespace signaller::tests
