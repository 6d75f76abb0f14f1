#include "log/log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/async.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "irc/text/json_writer.hpp"
#include "irc/text/suggestion.hpp"
#include "log/log_text.hpp"

namespace signaller {
namespace {

constexpr std::size_t LinesThatWait = 8192;
constexpr std::size_t AuditsThatWait = 1024;
constexpr std::size_t MostFiles = 1000;
constexpr mode_t LogMode = 0640;
constexpr mode_t AuditMode = 0600;
constexpr std::array<std::string_view, ComponentCount> Names{"server",   "net",    "store",
                                                             "operator", "config", "audit"};

constexpr auto AuditComponent = static_cast<std::size_t>(Component::Audit);

std::string_view level_name(spdlog::level::level_enum level) {
  constexpr std::array<std::string_view, 7> Levels{"debug", "debug", "info", "warn",
                                                   "error", "error", "off"};
  return Levels.at(static_cast<std::size_t>(level));
}

std::optional<spdlog::level::level_enum> parse_level(std::string_view word) {
  using Level = spdlog::level::level_enum;
  for (const Level level : {Level::debug, Level::info, Level::warn, Level::err, Level::off}) {
    if (word == level_name(level)) return level;
  }
  return std::nullopt;
}

std::optional<std::size_t> parse_component(std::string_view word) {
  const auto* const found = std::find(Names.begin(), Names.end(), word);
  if (found == Names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - Names.begin());
}

std::string when(const spdlog::details::log_msg& msg) {
  const auto since = msg.time.time_since_epoch();
  return time_text(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

std::string_view view(spdlog::string_view_t text) {
  return {text.data(), text.size()};
}

void append(spdlog::memory_buf_t& out, std::string_view text) {
  out.append(text.data(), text.data() + text.size());
}

/// The formatter of every log line. Makes text of clients printable.
class TextFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& msg, spdlog::memory_buf_t& dest) override {
    append(dest, when(msg) + ' ');
    msg.color_range_start = dest.size();
    append(dest, fmt::format("{:<5}", level_name(msg.level)));
    msg.color_range_end = dest.size();
    append(dest, fmt::format(" {}: {}\n", view(msg.logger_name), printable(view(msg.payload))));
  }
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<TextFormatter>();
  }
};

class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& msg, spdlog::memory_buf_t& dest) override {
    irc::JsonWriter json;
    json.member("time").string(when(msg));
    json.member("level").string(level_name(msg.level));
    json.member("component").string(view(msg.logger_name));
    json.member("message").string(printable(view(msg.payload)));
    append(dest, json.done() + '\n');
  }
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonFormatter>();
  }
};

/// The formatter of lines that are complete JSON objects.
class LineFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& msg, spdlog::memory_buf_t& dest) override {
    append(dest, view(msg.payload));
    append(dest, "\n");
  }
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<LineFormatter>();
  }
};

spdlog::sink_ptr open_file(const std::string& path, mode_t mode, const LogOptions& options) {
  spdlog::file_event_handlers handlers;
  handlers.before_open =
      [mode](const std::string& name) {  // sets the mode as soon as the file exists
        const int descriptor = ::open(name.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, mode);
        if (descriptor >= 0) ::close(descriptor);
      };
  if (mode == AuditMode) {
    handlers.after_open = [mode](const std::string&, std::FILE* file) {
      (void)::fchmod(::fileno(file), mode);
    };
  }
  try {
    return std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
        path, options.rotate_bytes, options.rotate_files, false, handlers);
  } catch (const spdlog::spdlog_ex& error) {
    throw std::runtime_error(fmt::format("cannot write the log file {}: {}", path, error.what()));
  }
}

}  // namespace

std::string check_log(const LogOptions& options) {
  for (const std::string& entry : options.levels) {
    const std::size_t equals = std::min(entry.find('='), entry.size());
    const std::string_view name = std::string_view(entry).substr(0, equals);
    if (!parse_component(name)) {
      return "log.levels: " +
             irc::unknown_name("component", name,
                               std::vector<std::string>(Names.begin(), Names.end()));
    }
    if (equals == entry.size() || !parse_level(std::string_view(entry).substr(equals + 1))) {
      return fmt::format(
          "log.levels: '{}' must be {}=LEVEL, where LEVEL is debug, info, warn, error or off",
          entry, name);
    }
  }
  if (options.rotate_files > MostFiles) {
    return fmt::format("log.rotate_files must be at most {}", MostFiles);
  }
  return {};
}

/// The destination of a logger. Its sinks can be exchanged while other threads log.
class Log::Outlet final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit Outlet(spdlog::details::thread_pool* pool) : pool_(pool) {}
  void set(std::vector<spdlog::sink_ptr> sinks) {
    const std::lock_guard lock(mutex_);
    sinks_ = std::move(sinks);
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& msg) override {
    if (pool_ != nullptr) say_dropped();
    for (const spdlog::sink_ptr& one : sinks_) one->log(msg);
  }
  void flush_() override {
    for (const spdlog::sink_ptr& one : sinks_) one->flush();
  }

 private:
  void say_dropped() {
    const std::size_t dropped = pool_->overrun_counter();
    if (dropped <= said_) return;
    const std::string text =
        fmt::format("{} log lines were dropped, because the log queue was full", dropped - said_);
    said_ = dropped;
    const spdlog::details::log_msg line("server", spdlog::level::warn, text);
    for (const spdlog::sink_ptr& one : sinks_) one->log(line);
  }

  spdlog::details::thread_pool* pool_;  ///< null: dropped lines are not reported
  std::vector<spdlog::sink_ptr> sinks_;
  std::size_t said_ = 0;
};

struct Log::Outlets {
  std::vector<spdlog::sink_ptr> lines;
  std::vector<spdlog::sink_ptr> audits;
};

Log::Outlets Log::open(const LogOptions& options) {
  Outlets outlets;
  if (options.console) {
    outlets.lines.push_back(std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  }
  if (!options.out_dir.empty() || !options.out_file.empty()) {
    const std::filesystem::path path =
        std::filesystem::path(options.out_dir) /
        (options.out_file.empty() ? std::string("signaller.log") : options.out_file);
    outlets.lines.push_back(open_file(path.string(), LogMode, options));
  }
  for (const spdlog::sink_ptr& sink : outlets.lines) {
    if (options.format == "json") {
      sink->set_formatter(std::make_unique<JsonFormatter>());
    } else {
      sink->set_formatter(std::make_unique<TextFormatter>());
    }
  }
  if (!options.audit_file.empty()) {
    outlets.audits.push_back(open_file(options.audit_file, AuditMode, options));
    outlets.audits.back()->set_formatter(std::make_unique<LineFormatter>());
  }
  return outlets;
}

Log::Log(const LogOptions& options)
    : pool_(std::make_shared<spdlog::details::thread_pool>(LinesThatWait, 1)),
      audit_pool_(std::make_shared<spdlog::details::thread_pool>(AuditsThatWait, 1)),
      lines_(std::make_shared<Outlet>(pool_.get())),
      audits_(std::make_shared<Outlet>(nullptr)) {
  const auto make = [this](std::string_view name, const std::shared_ptr<Outlet>& outlet) {
    const auto& pool = name == Names.at(AuditComponent) ? audit_pool_ : pool_;
    auto logger = std::make_shared<spdlog::async_logger>(
        std::string(name), outlet, pool, spdlog::async_overflow_policy::overrun_oldest);
    logger->flush_on(spdlog::level::debug);
    return logger;
  };
  for (std::size_t i = 0; i < ComponentCount; ++i) loggers_.at(i) = make(Names.at(i), lines_);
  audit_file_ = make(Names.at(AuditComponent), audits_);
  apply(options);
}

/// The threads end before the sinks that they write to are destroyed.
Log::~Log() {
  audit_pool_.reset();
  pool_.reset();
}

void Log::apply(const LogOptions& options) {
  Outlets outlets = open(options);
  lines_->set(std::move(outlets.lines));
  // Lines that are queued for the old file are still written to it.
  if (!outlets.audits.empty()) audits_->set(std::move(outlets.audits));
  audit_apart_ = !options.audit_file.empty();
  set_levels(options);
}

void Log::set_levels(const LogOptions& options) {
  std::array<spdlog::level::level_enum, ComponentCount> levels{};
  levels.fill(parse_level(options.level).value_or(spdlog::level::info));
  for (const std::string& entry : options.levels) {
    const std::size_t equals = std::min(entry.find('='), entry.size());
    const auto component = parse_component(std::string_view(entry).substr(0, equals));
    const auto level =
        parse_level(std::string_view(entry).substr(std::min(equals + 1, entry.size())));
    if (component && level) levels.at(*component) = *level;
  }
  for (std::size_t i = 0; i < ComponentCount; ++i) loggers_.at(i)->set_level(levels.at(i));
}

void Log::audit(const port::AuditRecord& record) {
  if (audit_apart_) {
    audit_file_->info("{}", audit_json(record));
  } else {
    (*this)[Component::Audit].info("{}", audit_text(record));
  }
}

std::uint64_t Log::dropped() const {
  return pool_->overrun_counter() + audit_pool_->overrun_counter();
}

}  // namespace signaller
