#include "wiring.hpp"

#include <fmt/format.h>
#include <sodium.h>
#include <spdlog/spdlog.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "commands/slash_protocol.hpp"
#include "persist/memory_store.hpp"
#include "verifier.hpp"

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

/// BLAKE2b with the server's own key.
class SodiumHash final : public port::KeyedHash {
 public:
  SodiumHash() { crypto_generichash_keygen(key_.data()); }
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
  std::array<unsigned char, crypto_generichash_KEYBYTES> key_{};
};

/// Client text on its way to a log: nothing in it can end the line or steer a terminal.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f || c == '\\' || c == '"') {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

void log_audit(const port::Audit& audit) {
  const port::AuditRecord& record = audit.record;
  spdlog::info("audit: {} by {} on {} \"{}\"", escaped(record.verb), escaped(record.actor),
               escaped(record.target), escaped(record.reason));
}

commands::Options slash_options(const Config& config, port::Random& random) {
  commands::Options options = config.slash;
  options.version = SIGNALLER_VERSION;
  options.boot = fmt::format("{:08x}", static_cast<std::uint32_t>(random.next()));
  return options;
}

net::ListenOptions listener(const Config&, const Listen& listen) {
  net::ListenOptions options = parse_address(listen.address);
  options.mounts = listen.paths;
  if (options.mounts.empty()) options.mounts.push_back({"/", "slash"});
  return options;
}

}  // namespace

net::ServerOptions server_options(const Config& config) {
  net::ServerOptions options = config.net;
  options.listeners.clear();
  for (const Listen& listen : config.listen) options.listeners.push_back(listener(config, listen));
  if (config.operations != "off") {
    net::ListenOptions operations = parse_address(config.operations);
    operations.operations = true;
    options.listeners.push_back(std::move(operations));
  }
  return options;
}

Wiring::Wiring(const Config& config) : operations_(config.operations != "off") {
  if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
  const std::string problem = check_config(config);
  if (!problem.empty()) throw std::runtime_error(problem);
  random_ = std::make_unique<SystemRandom>();
  hash_ = std::make_unique<SodiumHash>();
  store_ = std::make_unique<persist::MemoryStore>();
  verifier_ = std::make_unique<Verifier>(WaitingPasswords);
  protocols_.push_back(
      std::make_unique<commands::SlashProtocol>(slash_options(config, *random_), *random_, *hash_));
  std::vector<port::Protocol*> protocols;
  for (const auto& protocol : protocols_) protocols.push_back(protocol.get());
  net::Services services;
  services.store = store_.get();
  services.audit = log_audit;
  services.verify = [this](port::Verify question, Verifier::Done done) {
    verifier_->ask(std::move(question), std::move(done));
  };
  server_ = std::make_unique<net::Server>(server_options(config), std::move(protocols),
                                          std::move(services));
  server_->on_error = [](const char* what) { spdlog::error("a handler failed: {}", what); };
}

Wiring::~Wiring() {
  verifier_.reset();  // its thread calls into the server
  server_.reset();
}

std::vector<std::string> Wiring::announcements() const {
  std::vector<std::string> lines;
  const std::vector<std::string> addresses = server_->addresses();
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const bool last = i + 1 == addresses.size();
    lines.push_back(operations_ && last
                        ? fmt::format("operations on http://{} (/livez, /readyz)", addresses[i])
                        : fmt::format("listening on ws://{}", addresses[i]));
  }
  return lines;
}

}  // namespace signaller
