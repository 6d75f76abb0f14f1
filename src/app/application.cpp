#include "app/application.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sodium.h>

#include <array>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "app/password_verifier.hpp"
#include "app/protocols.hpp"
#include "app/secret_key.hpp"
#include "app/server_options.hpp"
#include "log/log_text.hpp"
#include "persist/memory_store.hpp"
#include "persist/redis/redis_store.hpp"

namespace signaller {
namespace {

constexpr std::size_t WaitingPasswords = 64;

class SystemRandom final : public port::Random {
 public:
  std::uint64_t next() override {
    std::uint64_t bits = 0;
    randombytes_buf(&bits, sizeof bits);
    return bits;
  }
};

class SodiumHash final : public port::KeyedHash {
 public:
  explicit SodiumHash(const std::array<unsigned char, SecretKey::Size>& key) : key_(key) {}
  ~SodiumHash() override { sodium_memzero(key_.data(), key_.size()); }
  SodiumHash(const SodiumHash&) = delete;
  SodiumHash& operator=(const SodiumHash&) = delete;
  [[nodiscard]] port::Digest digest(std::string_view owner,
                                    std::string_view secret) const override {
    port::Digest out{};
    const std::uint64_t length = owner.size();
    std::string text(reinterpret_cast<const char*>(&length), sizeof length);  // NOLINT
    text += owner;
    text += secret;
    crypto_generichash(out.data(), out.size(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size(), key_.data(), key_.size());
    sodium_memzero(text.data(), text.size());
    return out;
  }

 private:
  static_assert(SecretKey::Size == crypto_generichash_KEYBYTES);
  std::array<unsigned char, SecretKey::Size> key_;
};

std::string name_of(const port::ConnectionId& id) {
  return fmt::format("{}.{}.{}", id.shard, id.slot, id.generation);
}

}  // namespace

Application::Application(ConfigSources sources, LoadedConfig loaded, Log& log)
    : sources_(std::move(sources)), loaded_(std::move(loaded)), log_(log) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialised");
  random_ = std::make_unique<SystemRandom>();
  started_ms_ = net::CoreThread::now().steady_ms;
  boot_ = fmt::format("{:08x}", static_cast<std::uint32_t>(random_->next()));
  make_key();
  make_store();
  verifier_ = std::make_unique<PasswordVerifier>(WaitingPasswords);
  make_protocols();
  std::vector<port::Protocol*> protocols;
  for (const MadeProtocol& one : protocols_) protocols.push_back(one.protocol.get());
  server_ = std::make_unique<net::Server>(server_options(loaded_.config), std::move(protocols),
                                          services());
  if (redis_ != nullptr) redis_->attach(server_->core_context());
  server_->on_error = [this](const char* what) {
    log_[Component::Server].error("internal error in an event handler, the server continues: {}",
                                  what);
  };
  server_->on_memory = [this](std::size_t resident, std::size_t watermark) {
    if (resident > watermark) {
      log_[Component::Net].warn(
          "{} bytes of memory are in use, above net.memory ({}): new connections are refused",
          resident, watermark);
    } else {
      log_[Component::Net].info("{} bytes of memory are in use: new connections are accepted again",
                                resident);
    }
  };
  server_->on_certificate = [this](const net::TlsFiles& files, const std::string& error) {
    spdlog::logger& net_log = log_[Component::Net];
    if (error.empty()) {
      net_log.info("the certificate {} has changed and was loaded: new connections use it",
                   files.certificate);
    } else {
      net_log.error(
          "the changed certificate was not loaded, the previous certificate stays in use: {}",
          error);
    }
  };
}

void Application::make_key() {
  const std::string& path = loaded_.config.secret_key_file;
  const bool lasts = loaded_.config.store != "memory";
  SecretKey key = lasts ? find_secret_key(path) : load_secret_key(path);
  if (key.made && lasts) {
    new_key_ = key;
  } else if (key.made) {
    log_[Component::Server].info("secret_key_file {}: a new key was created", path);
  }
  if (!key.warning.empty()) log_[Component::Server].warn("{}", key.warning);
  hash_ = std::make_unique<SodiumHash>(key.bytes);
  sodium_memzero(key.bytes.data(), key.bytes.size());
}

/// Writes a new key to its file, after the load has shown that the store knows no other key.
std::string Application::keep_key() {
  if (!new_key_) return {};
  const std::string& path = loaded_.config.secret_key_file;
  std::string problem;
  try {
    keep_secret_key(path, *new_key_);
    log_[Component::Server].info("secret_key_file {}: a new key was created", path);
  } catch (const std::exception& error) {
    problem = error.what();
  }
  sodium_memzero(new_key_->bytes.data(), new_key_->bytes.size());
  new_key_.reset();
  return problem;
}

void Application::make_store() {
  const Config& config = loaded_.config;
  if (config.store == "memory") {
    store_ = std::make_unique<persist::MemoryStore>();
    return;
  }
  persist::RedisOptions options;
  options.url = *persist::parse_redis_url(config.store).url;
  options.prefix = config.store_prefix;
  options.boot = boot_;
  options.key_fingerprint =
      fmt::format("{:02x}", fmt::join(hash_->digest("key", "fingerprint"), ""));
  options.key_file = config.secret_key_file;
  options.key_is_new = new_key_.has_value();
  options.lease_ttl = std::chrono::milliseconds(config.lease_ttl_ms);
  options.timeout = std::chrono::milliseconds(config.store_timeout_ms);
  auto redis = std::make_unique<persist::RedisStore>(std::move(options), *random_);
  redis->on_warning = [this](const std::string& text) { log_[Component::Store].warn("{}", text); };
  redis->on_back = [this] {
    away_logged_ = false;
    log_[Component::Store].info("the store is available again");
  };
  redis_ = redis.get();
  store_ = std::move(redis);
}

void Application::make_protocols() {
  const ProtocolParts parts{{topics_, costs_, *random_, *hash_},
                            world_,
                            loaded_,
                            boot_,
                            started_ms_,
                            store_->status().durable,
                            {[this](port::Instant now) { return metrics(now); },
                             [this](port::Instant now) { return info(now); }}};
  for (const ProtocolEntry& entry : protocol_table()) protocols_.push_back(entry.make(parts));
  connections_.resize(protocols_.size());
}

void Application::log_store_event(const port::StoreEvent& event) {
  spdlog::logger& log = log_[Component::Store];
  switch (event.kind) {
    case port::StoreEvent::Kind::Away:
      // Logged only once until a batch is stored, even if the store reconnects meanwhile.
      if (!std::exchange(away_logged_, true))
        log.error("the store is unavailable, changes wait in memory: {}", event.why);
      return;
    case port::StoreEvent::Kind::Ready:
      if (event.incomplete)
        log.info("{}: all data in memory is written to the store again", event.why);
      return;
    case port::StoreEvent::Kind::Fenced:
      return log.critical("another server has taken over the store, this server ends: {}",
                          event.why);
  }
}

net::Services Application::services() {
  net::Services services;
  services.store = store_.get();
  services.audit = [this](const port::Audit& audit) { log_.audit(audit.record); };
  services.verify = [this](port::Verify question, PasswordVerifier::Done done) {
    verify(std::move(question), std::move(done));
  };
  services.reload = [this] { return reload(); };
  services.stats = [this] {
    return std::vector<port::Stat>{{"log", "dropped", std::to_string(log_.dropped())}};
  };
  services.admit = [this] { return keep_key(); };
  services.restored = [this](const port::Restored& restored) {
    spdlog::logger& log = log_[Component::Store];
    for (const std::string& what : restored.skipped)
      log.warn("not loaded from the store: {}", what);
    if (!restored.error.empty()) return;
    for (const MadeProtocol& one : protocols_) {
      if (one.restored_text) log.info("{}", one.restored_text());
    }
  };
  services.store_event = [this](const port::StoreEvent& event) { log_store_event(event); };
  services.opened = [this](std::size_t protocol, const port::Opened& opened) {
    ++connections_[protocol];
    spdlog::logger& log = log_[Component::Net];
    if (!log.should_log(spdlog::level::debug)) return;
    log.debug("connection {} opened from {}, path {}", name_of(opened.connection),
              in_quotes(opened.address), in_quotes(opened.path));
  };
  services.closed = [this](std::size_t protocol, const port::Closed& closed) {
    --connections_[protocol];
    spdlog::logger& log = log_[Component::Net];
    if (!log.should_log(spdlog::level::debug)) return;
    log.debug("connection {} closed by {}, close code {}", name_of(closed.connection),
              closed.by_server ? "the server" : "the client", closed.code);
  };
  return services;
}

/// Checks a password and logs which operator it is for. The password itself is not logged.
void Application::verify(port::Verify question, PasswordVerifier::Done done) {
  std::string subject = "an operator that does not exist";
  for (const commands::OperatorOptions& one : loaded_.secrets.operators) {
    if (one.hash == question.hash) subject = "operator " + in_quotes(one.name);
  }
  const std::string from = in_quotes(question.address);
  verifier_->ask(std::move(question),
                 [this, subject, from, done = std::move(done)](port::Verified answer) {
                   spdlog::logger& log = log_[Component::Operator];
                   if (answer.ok) {
                     log.info("/oper from {}: the password for {} was correct", from, subject);
                   } else {
                     log.warn("/oper from {}: the password for {} was {}", from, subject,
                              answer.busy ? "not checked: too many checks are waiting" : "wrong");
                   }
                   done(answer);
                 });
}

void Application::reopen_logs() {
  try {
    log_.apply(loaded_.config.log);
    log_[Component::Server].info("the log files were opened again");
  } catch (const std::exception& error) {
    log_[Component::Server].error("the log files were not opened again: {}", error.what());
  }
}

port::QueryResult Application::reload() {
  port::QueryResult answer;
  try {
    LoadedConfig fresh = load_config(sources_);
    answer.stats = keep_fixed(loaded_.config, fresh.config);
    log_.apply(fresh.config.log);
    reload_certificate(fresh.config.net.tls, answer.stats);
    for (const MadeProtocol& one : protocols_) {
      if (one.reload) one.reload(fresh);
    }
    server_->tune(fresh.config.net);
    loaded_ = std::move(fresh);
    const std::string& file = loaded_.file;
    log_[Component::Config].info("the configuration was reloaded {}",
                                 file.empty() ? "without a file" : "from the file " + file);
  } catch (const std::exception& error) {
    answer.ok = false;
    answer.stats = {{"config", "error", error.what()}};
    log_[Component::Config].error("the configuration was not reloaded: {}", error.what());
  }
  if (!answer.ok) return answer;
  for (const port::Stat& stat : answer.stats) {
    log_[Component::Config].warn("the reload did not change {}: it {}", stat.what, stat.value);
  }
  return answer;
}

void Application::reload_certificate(const net::TlsFiles& files, std::vector<port::Stat>& stats) {
  try {
    server_->reload_certificate(files);
  } catch (const std::exception& error) {
    stats.push_back(
        {"tls.certificate", "reload", fmt::format("keeps its previous value: {}", error.what())});
  }
}

port::Metrics Application::metrics(port::Instant now) const {
  const port::StoreStatus store = store_->status();
  port::Metrics all = process_metrics();
  const auto add = [&all](port::Metrics&& more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
  };
  add(server_->metrics());
  for (const MadeProtocol& one : protocols_) add(one.protocol->metrics(now));
  add({port::gauge("store_ready", "1: the store accepts records.", store.ready ? 1 : 0),
       port::gauge("store_records", "Records in the store.", static_cast<double>(store.records)),
       port::counter("store_written_total", "Records handed to the store.",
                     static_cast<double>(store.written)),
       port::counter("log_dropped_total", "Log lines that were dropped.",
                     static_cast<double>(log_.dropped())),
       connections_metric()});
  return all;
}

port::Metric Application::connections_metric() const {
  port::Metric metric{"protocol_connections",
                      "Open WebSocket connections, by protocol.",
                      port::Metric::Kind::Gauge,
                      "protocol",
                      {},
                      {},
                      0};
  const std::vector<ProtocolEntry>& table = protocol_table();
  for (std::size_t i = 0; i < table.size(); ++i) {
    metric.add(table[i].name, static_cast<double>(connections_[i]));
  }
  return metric;
}

Operations::Info Application::info(port::Instant now) const {
  const port::StoreStatus store = store_->status();
  return {SIGNALLER_VERSION,
          loaded_.config.slash.server_name,
          boot_,
          (now.steady_ms - started_ms_) / 1000,
          store.kind,
          store.durable};
}

Application::~Application() {
  verifier_.reset();  // before the server, because its threads call the server
  store_.reset();     // before the server, because it runs on the server's loop
  server_.reset();
}

std::vector<std::string> Application::announcements() const {
  std::vector<std::string> lines;
  const std::vector<std::string> addresses = server_->addresses();
  const std::vector<net::ListenOptions> listeners = server_options(loaded_.config).listeners;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const char* const s = listeners[i].secure ? "s" : "";
    const std::string& at = addresses[i];
    lines.push_back(listeners[i].operations ? fmt::format("listening for operations on http{}://{} "
                                                          "(/livez, /readyz, /metrics, /info)",
                                                          s, at)
                                            : fmt::format("listening on ws{}://{}", s, at));
  }
  return lines;
}

}  // namespace signaller
