#pragma once

#include <deque>
#include <string>

#include "attack_runner.hpp"

namespace signaller::bench {

/// One line of JSON: for each kind its connections, how they ended, and its bytes.
std::string report_of(const AttackOptions& options, const std::deque<KindTotals>& all_totals);

}  // namespace signaller::bench
