// The log of the process and the audit log: loggers, their files, and the text of a line. Lines
// contain no messages of clients and no secrets. Code here knows neither sockets nor the world. Any
// thread may log; two threads of spdlog write the lines; all other functions belong to the thread
// of Application.
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

/// The subject of a line. Each component may have its own level (`log.levels`).
enum class Component : std::uint8_t { Server, Net, Store, Operator, Config, Audit };
constexpr std::size_t ComponentCount = 6;

/// Returns the first error in levels and sizes, or an empty string.
std::string check_log(const LogOptions& options);

/// Logging never blocks, even if nobody reads the console. One thread writes log lines, another one
/// writes audit entries. When a thread is behind, its queue drops the oldest lines, counts them and
/// logs the count. Every line passes printable(). Any thread may log; all other functions are for
/// the thread that owns the process's state.
class Log {
 public:
  /// @throws std::runtime_error  the message names a file that cannot be written
  explicit Log(const LogOptions& options);
  /// Writes the queued lines before it returns.
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  /// Takes new levels, format and files. Opens all files again, so that a file that was renamed by
  /// log rotation is closed.
  /// @throws std::runtime_error  the message names a file that cannot be written; nothing has
  /// changed then
  void apply(const LogOptions& options);

  spdlog::logger& operator[](Component component) {
    return *loggers_.at(static_cast<std::size_t>(component));
  }
  void audit(const port::AuditRecord& record);
  /// The number of lines since the start that were dropped because the queue was full.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  class Outlet;
  struct Outlets;

  static Outlets open(const LogOptions& options);
  void set_levels(const LogOptions& options);

  std::shared_ptr<spdlog::details::thread_pool> pool_;
  std::shared_ptr<spdlog::details::thread_pool>
      audit_pool_;  ///< a pool for audit entries alone: other lines never displace them
  std::shared_ptr<Outlet> lines_;
  std::shared_ptr<Outlet> audits_;
  std::array<std::shared_ptr<spdlog::logger>, ComponentCount> loggers_;
  std::shared_ptr<spdlog::logger> audit_file_;
  bool audit_apart_ = false;
};

}  // namespace signaller
