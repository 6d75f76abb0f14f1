#include "persist/redis/lease.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>
#include <utility>

#include "persist/format/load_warnings.hpp"
#include "persist/format/value_parser.hpp"

namespace signaller::persist {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Start time of a process: field 22 of its stat (proc(5)). Field 2 is its name in brackets and may
/// hold any bytes. Returns nothing if the file cannot be read, and 0 for a zombie.
std::optional<std::uint64_t> start_of(std::int64_t pid) {
  const std::string stat = read_file(fmt::format("/proc/{}/stat", pid));
  const std::size_t name_end = stat.rfind(") ");
  if (name_end == std::string::npos) return std::nullopt;
  std::string_view rest = std::string_view(stat).substr(name_end + 2);
  const auto state = next_token(rest);
  if (!state || *state == "Z" || *state == "X") return 0;
  for (int field = 4; field < 22; ++field) {
    if (!next_token(rest)) return std::nullopt;
  }
  std::uint64_t start = 0;
  if (!next_number(rest, start)) return std::nullopt;
  return start;
}

/// Replaces spaces and non-printable bytes, so that the text is one part of the token.
std::string as_token(std::string text) {
  for (char& c : text) c = c > ' ' && c <= '~' ? c : '_';
  return text.empty() ? "_" : text;
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

std::string machine_and_namespace() {
  const std::string boot = read_file("/proc/sys/kernel/random/boot_id").substr(0, 36);
  struct stat pids {};
  (void)::stat("/proc/self/ns/pid", &pids);
  return fmt::format("{}/{}", boot, pids.st_ino);
}

/// Whether a place names one machine and one pid namespace. Without the boot id, which some
/// containers hide, or without the namespace, places of different machines would be equal.
bool is_unique(std::string_view place) {
  constexpr std::string_view NoNamespace = "/0";
  const bool without_boot = place.empty() || place.front() == '/';
  const bool without_namespace = place.size() < NoNamespace.size() ||
                                 place.substr(place.size() - NoNamespace.size()) == NoNamespace;
  return !without_boot && !without_namespace;
}

}  // namespace

std::string LeaseHolder::text() const {
  return fmt::format("{} {} {} {} {}", boot, host, pid, start, place);
}

LeaseHolder this_process(std::string boot) {
  LeaseHolder holder;
  holder.boot = as_token(std::move(boot));
  holder.host = as_token(host_name());
  holder.pid = ::getpid();
  holder.start = start_of(holder.pid).value_or(0);
  holder.place = as_token(machine_and_namespace());
  return holder;
}

std::optional<LeaseHolder> parse_holder(std::string_view token) {
  LeaseHolder holder;
  const auto boot = next_token(token);
  const auto host = boot ? next_token(token) : std::nullopt;
  if (!host || !next_number(token, holder.pid) || !next_number(token, holder.start)) {
    return std::nullopt;
  }
  holder.boot = *boot;
  holder.host = *host;
  holder.place = token;
  return holder;
}

std::string shown_holder(std::string_view token) {
  const auto holder = parse_holder(token);
  if (!holder) return fmt::format("'{}'", printable(token));
  return fmt::format("process {} on {}", holder->pid, printable(holder->host));
}

HolderState state_of_holder(const LeaseHolder& holder, const LeaseHolder& here) {
  constexpr std::int64_t MaxPid = 1 << 22;  // proc(5), pid_max
  if (!is_unique(here.place) || holder.place != here.place || holder.host != here.host)
    return HolderState::Unknown;
  if (holder.pid < 1 || holder.pid > MaxPid) return HolderState::Unknown;
  // kill() also finds processes that /proc hides.
  if (::kill(static_cast<pid_t>(holder.pid), 0) != 0 && errno == ESRCH) return HolderState::Dead;
  const auto start = start_of(holder.pid);
  if (!start) return HolderState::Unknown;
  return *start == holder.start ? HolderState::Alive : HolderState::Dead;
}

}  // namespace signaller::persist
