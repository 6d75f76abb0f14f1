#include "net/core/statistics.hpp"

#include <string>

#include "net/system/memory.hpp"

namespace signaller::net {

void add_stats(std::vector<port::Stat>& stats, const port::StoreStatus& status) {
  stats.push_back({"store", "kind", status.kind});
  stats.push_back({"store", "durable", status.durable ? "1" : "0"});
  stats.push_back({"store", "ready", status.ready ? "1" : "0"});
  if (!status.problem.empty()) stats.push_back({"store", "problem", status.problem});
  const auto number = [&stats](const char* name, auto value) {
    stats.push_back({"store", name, std::to_string(value)});
  };
  number("records", status.records);
  number("written", status.written);
  number("batches", status.batches);
  number("errors", status.errors);
  number("queued", status.queued);
  number("last_write_ms", status.written_ms);
  number("latency_us", status.latency_us);
}

void add_process_stats(std::vector<port::Stat>& stats) {
  stats.push_back({"process", "resident", std::to_string(resident_bytes())});
}

}  // namespace signaller::net
