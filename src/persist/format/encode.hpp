// The stored form lives in this folder: key names, field names, and the encoding of each record and
// message. No I/O belongs here: redis/ sends the commands. Everything is pure and may be called on
// any thread.
// This header turns records into commands for Redis.
#pragma once

#include <vector>

#include "persist/format/keys.hpp"
#include "port/records.hpp"

namespace signaller::persist {

/// The number of audit entries that the store keeps; /audit shows no more.
constexpr std::size_t AuditEntries = 1'000;

/// Appends the commands that store a record. The result does not depend on the previous state,
/// except for messages and audit entries: their XADD fails if the stream has an entry with this
/// number or a higher one.
void encode(const port::Record& record, const Keys& keys, std::vector<Argv>& out);

}  // namespace signaller::persist
