#include "net/statistics.hpp"

#include <string>

#include "net/memory.hpp"

namespace signaller::net {

void add_facts(std::vector<port::Fact>& facts, const port::StoreStatus& status) {
  facts.push_back({"store", "kind", status.kind});
  facts.push_back({"store", "durable", status.durable ? "1" : "0"});
  facts.push_back({"store", "ready", status.ready ? "1" : "0"});
  facts.push_back({"store", "records", std::to_string(status.records)});
  facts.push_back({"store", "written", std::to_string(status.written)});
}

void add_process_facts(std::vector<port::Fact>& facts) {
  facts.push_back({"process", "resident", std::to_string(resident_bytes())});
}

}  // namespace signaller::net
