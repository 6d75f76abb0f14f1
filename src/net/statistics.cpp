#include "net/statistics.hpp"

#include <string>

#include "net/memory.hpp"

namespace signaller::net {

void add_facts(std::vector<port::Fact>& facts, const port::StoreStatus& status) {
  facts.push_back({"store", "kind", status.kind});
  facts.push_back({"store", "durable", status.durable ? "1" : "0"});
  facts.push_back({"store", "ready", status.ready ? "1" : "0"});
  if (!status.problem.empty()) facts.push_back({"store", "problem", status.problem});
  const auto number = [&facts](const char* name, auto value) {
    facts.push_back({"store", name, std::to_string(value)});
  };
  number("records", status.records);
  number("written", status.written);
  number("batches", status.batches);
  number("errors", status.errors);
  number("queued", status.queued);
  number("last_write_ms", status.written_ms);
  number("latency_us", status.latency_us);
}

void add_process_facts(std::vector<port::Fact>& facts) {
  facts.push_back({"process", "resident", std::to_string(resident_bytes())});
}

}  // namespace signaller::net
