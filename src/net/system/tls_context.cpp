// Certificates: loading, checking and replacing them.
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <array>
#include <atomic>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <utility>

#include "net/system/tls.hpp"

namespace signaller::net {
namespace {

/// The text of OpenSSL's first pending error, which is the most specific one.
std::string openssl_error() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "unknown error";
  if (ERR_SYSTEM_ERROR(code)) return std::strerror(ERR_GET_REASON(code));  // thread-safe in glibc
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "error " + std::to_string(code);
}

[[noreturn]] void refuse(const std::string& file, const std::string& what) {
  throw std::runtime_error(file + ": " + what);
}

void require_readable(const std::string& file) {
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0) {
    refuse(file, "there is no such file (scripts/dev-cert makes a self-signed pair)");
  }
}

/// Chooses http/1.1 by ALPN (RFC 7301), because a WebSocket handshake needs HTTP/1.1. Refuses
/// clients that offer only other protocols.
int select_protocol(ssl_st* /*session*/, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned int offered_size, void* /*unused*/) {
  static constexpr std::array<unsigned char, 9> Ours{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  const int found =
      SSL_select_next_proto(&chosen, out_size, Ours.data(), Ours.size(), offered, offered_size);
  if (found != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

void set_rules(ssl_ctx_st* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                   SSL_OP_IGNORE_UNEXPECTED_EOF);
  // Allows only ciphers with forward secrecy and authenticated encryption (RFC 9325 §4.2).
  SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384");
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // By default OpenSSL skips any number of records without data in one call; this line turns the
  // default off.
  SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
  // A key with a passphrase is an error: OpenSSL must not ask for it.
  SSL_CTX_set_default_passwd_cb(context, [](char*, int, int, void*) { return -1; });
  // Clients resume sessions with tickets; the server stores no sessions.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 1);
  SSL_CTX_set_alpn_select_cb(context, select_protocol, nullptr);
}

std::string stamp_of(const TlsFiles& files) {
  std::string text;
  for (const std::string* file : {&files.certificate, &files.key}) {
    struct stat about {};
    if (::stat(file->c_str(), &about) != 0) continue;
    text += std::to_string(about.st_ino) + ' ' + std::to_string(about.st_size) + ' ' +
            std::to_string(about.st_mtim.tv_sec) + '.' + std::to_string(about.st_mtim.tv_nsec) +
            ' ' + std::to_string(about.st_ctim.tv_sec) + '.' +
            std::to_string(about.st_ctim.tv_nsec) + '\n';
  }
  return text;
}

std::chrono::system_clock::time_point end_of(const X509* certificate) {
  std::tm end{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) {
    return {};
  }
  return std::chrono::system_clock::from_time_t(::timegm(&end));
}

}  // namespace

TlsContext::TlsContext(const TlsFiles& files) : context_(SSL_CTX_new(TLS_server_method())) {
  if (context_ == nullptr)
    throw std::runtime_error("OpenSSL cannot be initialised: " + openssl_error());
  try {
    set_rules(context_);
    use(files);
  } catch (...) {
    SSL_CTX_free(context_);
    throw;
  }
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

void TlsContext::use(const TlsFiles& files) {
  ERR_clear_error();
  require_readable(files.certificate);
  if (SSL_CTX_use_certificate_chain_file(context_, files.certificate.c_str()) != 1) {
    refuse(files.certificate, "must be a certificate in PEM format: " + openssl_error());
  }
  require_readable(files.key);
  if (SSL_CTX_use_PrivateKey_file(context_, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    const unsigned long code = ERR_peek_error();
    if (ERR_GET_REASON(code) == X509_R_KEY_VALUES_MISMATCH) {
      refuse(files.key, "the key does not belong to the certificate " + files.certificate);
    }
    refuse(files.key,
           "must be a private key in PEM format and have no passphrase: " + openssl_error());
  }
  // A key of another type than the certificate's is stored beside it, and no error is reported.
  if (SSL_CTX_check_private_key(context_) != 1) {
    ERR_clear_error();
    refuse(files.key, "the key does not belong to the certificate " + files.certificate);
  }
  expires_ = end_of(SSL_CTX_get0_certificate(context_));
}

TlsIdentity::TlsIdentity(TlsFiles files)
    : files_(std::move(files)),
      stamp_(stamp_of(files_)),
      context_(std::make_shared<const TlsContext>(files_)) {}

std::shared_ptr<const TlsContext> TlsIdentity::current() const {
  return std::atomic_load(&context_);
}

void TlsIdentity::reload(const TlsFiles& files) {
  {
    const std::lock_guard lock(mutex_);
    files_ = files;
    stamp_ = stamp_of(files);  // taken first: files that change during the load are loaded again
    failed_ = true;
    looks_ = 0;
  }
  std::atomic_store(&context_, std::make_shared<const TlsContext>(files));
  const std::lock_guard lock(mutex_);
  failed_ = false;
}

std::optional<TlsFiles> TlsIdentity::changed() {
  constexpr unsigned LooksBetweenTries = 15;
  const std::lock_guard lock(mutex_);
  const bool again = failed_ && ++looks_ >= LooksBetweenTries;
  if (stamp_of(files_) == stamp_ && !again) return std::nullopt;
  return files_;
}

}  // namespace signaller::net
