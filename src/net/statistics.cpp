#include "net/statistics.hpp"

#include <unistd.h>

#include <fstream>
#include <string>

namespace signaller::net {

void add_facts(std::vector<port::Fact>& facts, const port::StoreStatus& status) {
  facts.push_back({"store", "kind", status.kind});
  facts.push_back({"store", "durable", status.durable ? "1" : "0"});
  facts.push_back({"store", "ready", status.ready ? "1" : "0"});
  facts.push_back({"store", "records", std::to_string(status.records)});
  facts.push_back({"store", "written", std::to_string(status.written)});
}

void add_process_facts(std::vector<port::Fact>& facts) {
  std::uint64_t pages = 0;
  std::uint64_t resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;  // proc(5)
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  facts.push_back({"process", "resident", std::to_string(resident * page)});
}

}  // namespace signaller::net
