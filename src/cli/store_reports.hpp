// Reports of `inspect` and `gc`, as text or JSON. Stored data in them cannot control the terminal:
// text passes printable(), JSON is ASCII.
#pragma once

#include <cstddef>
#include <string>

#include "persist/tools/garbage_collector.hpp"
#include "persist/tools/inspection.hpp"

namespace signaller {

struct InspectReport {
  std::string store;  ///< URL of the store without user and password
  std::string prefix;
  const persist::Inspection* found = nullptr;
  std::size_t channels = 0;  ///< maximum number of channels to list
  std::size_t ghosts = 0;    ///< maximum number of sessions to list
};
/// The report as text. Parts that could not be read are missing.
std::string inspect_text(const InspectReport& report);
std::string inspect_json(const InspectReport& report);

struct GcReport {
  std::string store;
  std::string prefix;
  const persist::GcResult* done = nullptr;
  bool dry_run = false;
  std::size_t keys = 0;  ///< maximum length of each list
};
std::string gc_text(const GcReport& report);
std::string gc_json(const GcReport& report);

/// The holder of a lease, its state and the time left.
std::string lease_text(const persist::LeaseStatus& lease);
std::string_view holder_state_text(persist::HolderState holder_state);

}  // namespace signaller
