// What is to be saved, as commands for Redis.
#pragma once

#include <vector>

#include "persist/format/keys.hpp"
#include "port/records.hpp"

namespace signaller::persist {

/// Audit entries that are kept: /audit shows no more.
constexpr std::size_t AuditEntries = 1'000;

/// Adds the commands that make Redis hold the record: the same state whatever was there before,
/// apart from messages and audit entries, whose XADD fails if there is one of that number or above.
void encode(const port::Record& record, const Keys& keys, std::vector<Argv>& out);

}  // namespace signaller::persist
