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

/// The start of a process: field 22 of its stat (proc(5)). Field 2 is its name in brackets, which
/// may hold anything. Nothing if that cannot be read; a process that is only a zombie has no start.
std::optional<std::uint64_t> start_of(std::int64_t pid) {
  const std::string stat = read_file(fmt::format("/proc/{}/stat", pid));
  const std::size_t name_end = stat.rfind(") ");
  if (name_end == std::string::npos) return std::nullopt;
  std::string_view rest = std::string_view(stat).substr(name_end + 2);
  const auto state = take_word(rest);
  if (!state || *state == "Z" || *state == "X") return 0;
  for (int field = 4; field < 22; ++field) {
    if (!take_word(rest)) return std::nullopt;
  }
  std::uint64_t start = 0;
  if (!take_number(rest, start)) return std::nullopt;
  return start;
}

/// A word of the token.
std::string without_spaces(std::string text) {
  for (char& c : text) c = c > ' ' && c <= '~' ? c : '_';
  return text.empty() ? "_" : text;
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

std::string this_place() {
  const std::string boot = read_file("/proc/sys/kernel/random/boot_id").substr(0, 36);
  struct stat pids {};
  (void)::stat("/proc/self/ns/pid", &pids);
  return fmt::format("{}/{}", boot, pids.st_ino);
}

}  // namespace

std::string LeaseHolder::text() const {
  return fmt::format("{} {} {} {} {}", boot, host, pid, start, place);
}

LeaseHolder this_process(std::string boot) {
  LeaseHolder holder;
  holder.boot = without_spaces(std::move(boot));
  holder.host = without_spaces(host_name());
  holder.pid = ::getpid();
  holder.start = start_of(holder.pid).value_or(0);
  holder.place = without_spaces(this_place());
  return holder;
}

std::optional<LeaseHolder> parse_holder(std::string_view token) {
  LeaseHolder holder;
  const auto boot = take_word(token);
  const auto host = boot ? take_word(token) : std::nullopt;
  if (!host || !take_number(token, holder.pid) || !take_number(token, holder.start)) {
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
  constexpr std::int64_t MostPid = 1 << 22;  // proc(5), pid_max
  if (holder.place != here.place || holder.host != here.host) return HolderState::Unknown;
  if (holder.pid < 1 || holder.pid > MostPid) return HolderState::Unknown;
  // Where /proc hides the processes of others, this still sees them.
  if (::kill(static_cast<pid_t>(holder.pid), 0) != 0 && errno == ESRCH) return HolderState::Dead;
  const auto start = start_of(holder.pid);
  if (!start) return HolderState::Unknown;
  return *start == holder.start ? HolderState::Alive : HolderState::Dead;
}

}  // namespace signaller::persist
