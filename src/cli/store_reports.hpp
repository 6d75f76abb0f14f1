// What `inspect` and `gc` have found, as text for people or JSON for programs. Both are safe for a
// terminal, whatever is stored: the JSON is ASCII.
#pragma once

#include <cstddef>
#include <string>

#include "persist/tools/garbage_collector.hpp"
#include "persist/tools/inspection.hpp"

namespace signaller {

struct InspectReport {
  std::string store;  ///< its URL without the password
  std::string prefix;
  const persist::Inspection* found = nullptr;
  std::size_t channels = 0;  ///< so many at most
  std::size_t ghosts = 0;    ///< likewise
};
/// Only what could be read.
std::string inspect_text(const InspectReport& report);
std::string inspect_json(const InspectReport& report);

struct GcReport {
  std::string store;
  std::string prefix;
  const persist::GcResult* done = nullptr;
  bool dry_run = false;
  std::size_t keys = 0;  ///< so many of each list at most
};
std::string gc_text(const GcReport& report);
std::string gc_json(const GcReport& report);

/// Who has a store, in words.
std::string lease_text(const persist::LeaseFound& lease);
std::string_view life_text(persist::HolderState life);

}  // namespace signaller
