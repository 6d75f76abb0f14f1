// Configuration: no text ends the process; an error is one line that names a key or a line; a
// configuration that is printed reads back as the same.
// Input: server.conf; the rest of a line that begins with `--set ` is set afterwards.
#include "config/config.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/must.hpp"
#include "tests/fuzz/plain_text.hpp"

namespace {

using namespace signaller::fuzz;
using signaller::Config;
using signaller::ConfigError;

/// A file in memory.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(::memfd_create("server.conf", 0)) {
    must(descriptor_ >= 0, "a file in memory");
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(descriptor_); }

  void write(std::string_view text) const {
    must(::ftruncate(descriptor_, 0) == 0, "an empty file");
    must(::pwrite(descriptor_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()),
         "a file as it was written");
  }
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

bool names_a_key(const ConfigError& problem) {
  if (problem.rfind("listen", 0) == 0 || problem.rfind("operator", 0) == 0) return true;
  for (const signaller::Key& key : signaller::config_keys()) {
    if (problem.find(key.name) != std::string::npos) return true;
  }
  return false;
}

void must_be_one_line(const ConfigError& problem) {
  must(problem.find('\n') == std::string::npos, "what is wrong is said in one line");
}

ConfigError read(const MemoryFile& file, std::string_view text, Config& config) {
  file.write(text);
  ConfigError problem = signaller::read_config(file.path(), config);
  if (!problem.empty()) {
    must(problem.rfind(file.path() + ": line ", 0) == 0, "what is wrong names its line");
  }
  return problem;
}

void check_round_trip(const MemoryFile& file, const Config& config) {
  const std::string printed = signaller::print_config(config);
  Config again;
  must_be_well(read(file, printed, again));
  must(signaller::print_config(again) == printed, "what is printed reads back as the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const MemoryFile file;
  constexpr std::string_view Set = "--set ";
  std::string_view rest = text_of(data, size);
  std::string text;
  std::vector<std::string_view> settings;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.substr(0, Set.size()) == Set) {
      settings.push_back(line.substr(Set.size()));
    } else {
      text.append(line).append("\n");
    }
  }
  Config config;
  if (!read(file, text, config).empty()) return 0;
  for (const std::string_view setting : settings) {
    const ConfigError problem = signaller::set_config(setting, config);
    const bool known = signaller::find_key(setting.substr(0, setting.find('='))) != nullptr;
    if (known && !problem.empty()) must(names_a_key(problem), "what is wrong names its key");
  }
  const ConfigError problem = signaller::check_config(config);
  if (!problem.empty()) {
    must(names_a_key(problem), "what is wrong names a key");
    must_be_one_line(problem);
  }
  check_round_trip(file, config);
  return 0;
}
