// The log: asynchronous, to the console and to a rotating file; and the audit log beside it.
#pragma once

#include <spdlog/logger.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "log/log_options.hpp"
#include "port/records.hpp"

namespace spdlog::details {
class thread_pool;
}

namespace signaller {

/// What a line is about; each may have a level of its own (`log.levels`).
enum class Component : std::uint8_t { Server, Net, Store, Operator, Config, Audit };
constexpr std::size_t ComponentCount = 6;

/// What is wrong with the levels and sizes; empty: nothing.
std::string check_log(const LogOptions& options);

/// Rather without a line than waiting: whoever reads the console may be stuck. Lines are written by
/// one thread, audits by another; when it is behind, the oldest are dropped, counted, and that is
/// said. Whatever is
/// logged is made printable() on the way, but secrets and the content of messages must not come
/// here at all. Any thread may log; the rest is for the thread that owns the process's state.
class Log {
 public:
  /// @throws std::runtime_error  which file cannot be written
  explicit Log(const LogOptions& options);
  /// Writes what still waits.
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  /// New levels, format and files; files are opened anew, as after they have been moved away.
  /// @throws std::runtime_error  which file cannot be written; then nothing has changed
  void apply(const LogOptions& options);

  spdlog::logger& operator[](Component component) {
    return *loggers_.at(static_cast<std::size_t>(component));
  }
  void audit(const port::AuditRecord& record);
  /// Lines so far that were not written because too many waited.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  class Outlet;
  struct Outlets;

  static Outlets open(const LogOptions& options);
  void set_levels(const LogOptions& options);

  std::shared_ptr<spdlog::details::thread_pool> pool_;
  std::shared_ptr<spdlog::details::thread_pool> audit_pool_;  ///< nothing else crowds audits out
  std::shared_ptr<Outlet> lines_;
  std::shared_ptr<Outlet> audits_;
  std::array<std::shared_ptr<spdlog::logger>, ComponentCount> loggers_;
  std::shared_ptr<spdlog::logger> audit_file_;
  bool audit_apart_ = false;
};

}  // namespace signaller
