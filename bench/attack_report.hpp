#pragma once

#include <deque>
#include <string>

#include "attack_runner.hpp"

namespace signaller::bench {

/// Returns one line of JSON: connections, how they ended, and bytes, for each kind.
std::string report_of(const AttackOptions& options, const std::deque<KindTotals>& all_totals);

}  // namespace signaller::bench
