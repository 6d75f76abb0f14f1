// Checks a configuration as a whole.
#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <asio/ip/address.hpp>
#include <charconv>
#include <chrono>
#include <set>
#include <string>
#include <utility>

#include "config/config.hpp"
#include "log/log.hpp"
#include "net/admission/networks.hpp"
#include "net/core/mount.hpp"
#include "net/http/origin.hpp"
#include "net/http/routes.hpp"
#include "persist/redis/redis_url.hpp"
#include "port/address.hpp"

namespace signaller {
namespace {

/// The largest message that may be configured, in bytes: a larger one does not fit into an outbox.
constexpr std::size_t MostFrame = 16'777'216;
constexpr std::size_t MostShards = 256;
constexpr std::size_t LeastReadRate = 65'536;
constexpr std::size_t MostHead = 16'000;  // the limit of websocketpp's parser
constexpr std::chrono::milliseconds MostTime = std::chrono::hours(24 * 7);
/// The cost of the most expensive command, /broadcast.
constexpr double MostCost = 20;
/// The memory that one password check may use, in KiB.
constexpr std::uint64_t MostHashMemory = 1'048'576;

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f;
  });
}

bool is_word(std::string_view text) {
  constexpr std::size_t Most = 64;
  return !text.empty() && text.size() <= Most && text.find(' ') == std::string_view::npos &&
         !has_control(text);
}

/// Whether libsodium can check a password against `hash` within MostHashMemory.
bool is_argon2id(const std::string& hash) {
  constexpr std::string_view Prefix = "$argon2id$v=19$m=";
  if (hash.compare(0, Prefix.size(), Prefix) != 0 || hash.size() >= crypto_pwhash_STRBYTES) {
    return false;
  }
  std::uint64_t memory = 0;
  std::from_chars(hash.data() + Prefix.size(), hash.data() + hash.size(), memory);
  if (memory == 0 || memory > MostHashMemory) return false;
  return crypto_pwhash_str_needs_rehash(hash.c_str(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                        crypto_pwhash_MEMLIMIT_INTERACTIVE) >= 0;
}

ConfigError check_operator(const commands::OperatorOptions& one) {
  if (!is_word(one.name)) {
    return fmt::format("operator: the name '{}' must be one word of at most 64 bytes", one.name);
  }
  if (!is_argon2id(one.hash)) {
    return fmt::format(
        "operator '{}': hash must be the output of `signaller hash-password`: $argon2id$…",
        one.name);
  }
  for (const std::string& from : one.from) {
    if (port::AddressRange::parse(from)) continue;
    return fmt::format(
        "operator '{}': from: '{}' is not an address or CIDR such as 192.0.2.0/24 or 2001:db8::/32",
        one.name, from);
  }
  return {};
}

ConfigError check_rate_limits(const Config& config) {
  const commands::Limits& limits = config.slash.limits;
  if (limits.cost_rate > 0 && limits.cost_burst < MostCost) {
    return fmt::format(
        "limits.cost_burst must be at least {}, the cost of the most expensive command", MostCost);
  }
  if (limits.cost_rate > 0 && limits.cost_rate < 0.01) {
    return "limits.cost_rate must be 0 (no limit) or at least 0.01";
  }
  if (limits.address_rate > 0 && limits.address_burst < limits.cost_burst) {
    return "limits.address_burst must not be smaller than limits.cost_burst";
  }
  if (limits.address_rate > 0 && limits.address_rate < 0.01) {
    return "limits.address_rate must be 0 (no limit) or at least 0.01";
  }
  if (limits.channel_rate > 0 && limits.channel_burst < static_cast<double>(limits.content)) {
    return "limits.channel_burst must not be smaller than limits.content";
  }
  if (limits.channel_rate > 0 && limits.channel_rate < 1) {
    return "limits.channel_rate must be 0 (no limit) or at least 1";
  }
  if (limits.oper_rate > 0 && limits.oper_burst < 1) return "oper.burst must be at least 1";
  if (limits.oper_rate > 0 && limits.oper_rate < 0.0001) {
    return "oper.rate must be 0 (no limit) or at least 0.0001";
  }
  return {};
}

ConfigError check_size_limits(const Config& config) {
  const commands::Limits& limits = config.slash.limits;
  if (limits.frame_undescribed > limits.frame) {
    return "limits.frame_undescribed must not be larger than limits.frame";
  }
  if (limits.line > limits.frame) return "limits.line must not be larger than limits.frame";
  if (limits.content > limits.line) return "limits.content must not be larger than limits.line";
  if (limits.frame > MostFrame) return fmt::format("limits.frame must be at most {}", MostFrame);
  if (limits.nick > 32) return "limits.nick must not be larger than 32";
  if (limits.channel > 64) return "limits.channel must not be larger than 64";
  if (limits.persistent_each > limits.persistent) {
    return "limits.persistent_each must not be larger than limits.persistent";
  }
  if (limits.inbox_bytes > limits.inbox_all_bytes) {
    return "limits.inbox_bytes must not be larger than limits.inbox_all_bytes";
  }
  if (config.slash.history.bytes > config.slash.history.all_bytes) {
    return "history.bytes must not be larger than history.all_bytes";
  }
  return {};
}

ConfigError check_admission(const Config& config) {
  const net::AdmissionOptions& admission = config.net.admission;
  if (const auto bad = net::Networks().assign(admission.trusted_proxies)) {
    return fmt::format("net.trusted_proxies: '{}' is neither an address nor a CIDR", *bad);
  }
  if (const auto bad = net::OriginRule().assign(config.net.origins)) {
    return fmt::format(
        "net.origins: '{}' is not an origin such as https://example.org, https://*.example.org, "
        "null or *",
        *bad);
  }
  if (admission.address_connect_rate > 0 && admission.address_connect_rate < 0.01) {
    return "net.address_connect_rate must be 0 (no limit) or at least 0.01";
  }
  if (admission.address_connect_rate > 0 && admission.address_connect_burst < 1) {
    return "net.address_connect_burst must be at least 1";
  }
  const bool proxied = std::any_of(config.listen.begin(), config.listen.end(),
                                   [](const Listen& listen) { return listen.proxy; });
  if (proxied && admission.trusted_proxies.empty()) {
    return "listen: proxy = true needs net.trusted_proxies, which is empty";
  }
  return {};
}

ConfigError check_listeners(const Config& config) {
  bool secure = false;
  const auto good = [&secure](const std::string& text) {
    const net::ListenOptions options = parse_address(text);
    secure = secure || options.secure;
    return !options.address.empty();
  };
  for (const Listen& listen : config.listen) {
    for (const net::Mount& mount : listen.paths) {
      if (mount.path.compare(0, 1, "/") != 0 || mount.endpoint.empty()) {
        return fmt::format(
            "listen: paths: '{}' = '{}' must be a path such as \"/chat\" and the name of a "
            "protocol",
            mount.path, mount.endpoint);
      }
      if (net::PathPattern::parse(mount.path)) continue;
      return fmt::format(
          "listen: path {}: must have the form /a/path, /a/{{name}} or /a/{{name...}}", mount.path);
    }
    if (good(listen.address)) continue;
    return fmt::format(
        "listen: '{}' is not ADDR:PORT such as 127.0.0.1:3012, [::1]:3012 or, with "
        "TLS, wss://0.0.0.0:443",
        listen.address);
  }
  if (!config.host.empty() && !good(config.host)) {
    return fmt::format("server.host: '{}' is not ADDR:PORT such as 0.0.0.0:9091", config.host);
  }
  if (config.operations != "off" && !good(config.operations)) {
    return fmt::format("operations: '{}' is neither off nor ADDR:PORT such as 127.0.0.1:3013",
                       config.operations);
  }
  const net::TlsFiles& tls = config.net.tls;
  if (tls.certificate.empty() != tls.key.empty()) {
    return "tls.certificate, tls.key: one is set and the other is empty; set both or neither";
  }
  if (secure && tls.key.empty()) {
    return "listen: wss:// and https:// need tls.certificate and tls.key (scripts/dev-cert makes a "
           "self-signed pair)";
  }
  return {};
}

ConfigError check_texts(const Config& config) {
  const std::string& name = config.slash.server_name;
  if (name.empty() || name.find_first_of(" !@:") != std::string::npos || has_control(name)) {
    return "server_name: must be one word without space, control characters, !, @ or :";
  }
  for (const std::string& line : config.slash.motd) {
    if (has_control(line))
      return "motd: a line must not contain line ends or other control characters";
  }
  if (!config.slash.password.empty() && !config.password_file.empty()) {
    return "password and password_file: only one of them can be set";
  }
  if (config.secret_key_file.empty()) return "secret_key_file: must not be empty";
  return check_log(config.log);
}

ConfigError check_store(const Config& config) {
  if (config.store != "memory") {
    const persist::ParsedRedisUrl parsed = persist::parse_redis_url(config.store);
    if (!parsed.url) {
      return fmt::format(
          "store: {}; store must be \"memory\", \"redis://[user:password@]host:port/db\" or "
          "\"redis+unix:///path\"",
          parsed.fault);
    }
  }
  if (config.store_prefix.empty() || config.store_prefix.size() > 64) {
    return "store_prefix must have 1 to 64 bytes";
  }
  if (config.lease_ttl_ms < 1'000 || config.lease_ttl_ms > 600'000) {
    return "lease_ttl must be 1s to 10m";
  }
  if (config.store_timeout_ms < 100 || config.store_timeout_ms > config.lease_ttl_ms) {
    return "store_timeout must be at least 100ms, and not longer than lease_ttl";
  }
  if (config.slash.ack_timeout_ms < 100) return "ack_timeout must be at least 100ms";
  return {};
}

ConfigError check_net(const Config& config) {
  const net::Tuning& net = config.net;
  if (net.ping_interval.count() > 0 && net.pong_timeout <= net.ping_interval) {
    return "net.pong_timeout must be longer than net.ping_interval";
  }
  if (net.read_rate != 0 && net.read_rate < LeastReadRate) {
    return fmt::format("net.read_rate must be 0 or at least {}", LeastReadRate);
  }
  if (net.head_bytes > MostHead) return fmt::format("net.head_bytes must be at most {}", MostHead);
  for (const auto& [name, time] : {std::pair("net.message_timeout", net.message_timeout),
                                   std::pair("net.handshake_timeout", net.handshake_timeout),
                                   std::pair("net.close_timeout", net.close_timeout),
                                   std::pair("net.pong_timeout", net.pong_timeout)}) {
    if (time.count() < 1) return fmt::format("{} must be at least 1ms", name);
    if (time > MostTime) return fmt::format("{} must be at most 7d", name);
  }
  std::string problem = net::request_bytes_problem(config.net, {net.body_bytes, "net.body_bytes"});
  if (!problem.empty()) return problem;
  if (config.slash.describe_timeout_ms < 1) return "describe_timeout must be at least 1ms";
  if (config.net.shards > MostShards)
    return fmt::format("net.shards must be at most {}", MostShards);
  return {};
}

}  // namespace

std::string store_text(const std::string& store) {
  const persist::ParsedRedisUrl parsed = persist::parse_redis_url(store);
  return parsed.url ? parsed.url->shown() : store;
}

net::ListenOptions parse_address(std::string_view text) {
  net::ListenOptions result;
  if (const std::size_t slashes = text.find("://"); slashes != std::string_view::npos) {
    const std::string_view scheme = text.substr(0, slashes);
    result.secure = scheme == "wss" || scheme == "https";
    if (!result.secure && scheme != "ws" && scheme != "http") return result;
    text.remove_prefix(slashes + 3);
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return result;
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  unsigned port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port > 65535) return result;
  std::error_code no_address;
  const auto address = asio::ip::make_address(std::string(host), no_address);
  if (no_address || address.is_v6() != bracketed) return result;
  result.address = host;
  result.port = static_cast<std::uint16_t>(port);
  return result;
}

ConfigError check_operators(const std::vector<commands::OperatorOptions>& operators) {
  std::set<std::string_view> names;
  for (const commands::OperatorOptions& one : operators) {
    ConfigError problem = check_operator(one);
    if (!problem.empty()) return problem;
    if (!names.insert(one.name).second) {
      return fmt::format("operator '{}' is defined twice; names must differ", one.name);
    }
  }
  return {};
}

ConfigError check_config(const Config& config) {
  for (const auto& check : {check_listeners, check_admission, check_texts, check_size_limits,
                            check_rate_limits, check_net}) {
    ConfigError problem = check(config);
    if (!problem.empty()) return problem;
  }
  if (ConfigError problem = check_store(config); !problem.empty()) return problem;
  if (config.slash.resume_ms > config.slash.resume_most_ms) {
    return "resume must not be longer than resume_most";
  }
  if (config.net.outbox.chat > config.net.outbox.all) {
    return "outbox.chat must not be larger than outbox.all";
  }
  return check_operators(config.slash.operators);
}

}  // namespace signaller
