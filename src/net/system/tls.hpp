// TLS on our own socket: OpenSSL reads and writes the descriptor, without blocking.
// (asio::ssl::stream would keep 2 × 17 KiB for each connection.)
#pragma once

#include <sys/uio.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

struct ssl_ctx_st;
struct ssl_st;

namespace signaller::net {

/// The PEM files of a listener's certificate and key. The certificate's file may contain its chain.
struct TlsFiles {
  std::string certificate;
  std::string key;
};

/// OpenSSL's context for one certificate: TLS 1.2 and 1.3, ALPN http/1.1, no renegotiation, no
/// compression.
/// Immutable; any thread.
class TlsContext {
 public:
  /// @throws std::runtime_error  names the invalid file and the reason
  explicit TlsContext(const TlsFiles& files);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  [[nodiscard]] ssl_ctx_st* get() const { return context_; }
  /// The time when the certificate expires.
  [[nodiscard]] std::chrono::system_clock::time_point expires() const { return expires_; }

 private:
  void use(const TlsFiles& files);

  ssl_ctx_st* context_;
  std::chrono::system_clock::time_point expires_;
};

/// The certificate of a listener. It may be replaced; open connections keep the previous one. Any
/// thread, several at once.
class TlsIdentity {
 public:
  /// @throws std::runtime_error  as TlsContext
  explicit TlsIdentity(TlsFiles files);
  [[nodiscard]] std::shared_ptr<const TlsContext> current() const;
  /// Loads these files; later calls of changed() watch them. On an error the previous certificate
  /// stays.
  /// @throws std::runtime_error  as TlsContext
  void reload(const TlsFiles& files);
  /// Returns the files if one of them has changed since they were loaded; otherwise nothing. After
  /// a failed load, also returns the files at each 15th call, because the cause may be outside the
  /// files.
  [[nodiscard]] std::optional<TlsFiles> changed();

 private:
  mutable std::mutex mutex_;  ///< guards the next four members
  TlsFiles files_;
  std::string stamp_;    ///< state of the files when they were loaded
  bool failed_ = false;  ///< whether the last load failed
  unsigned looks_ = 0;   ///< calls since the last load
  /// Accessed by std::atomic_load and std::atomic_store.
  std::shared_ptr<const TlsContext> context_;
};

/// The server's side of one TLS connection. One thread at a time.
class TlsSession {
 public:
  enum class Handshake : std::uint8_t {
    Done,
    WantsRead,
    WantsWrite,
    Failed,
    PlainHttp,  ///< the handshake failed: the client speaks HTTP without TLS
  };
  static constexpr std::ptrdiff_t Nothing = -1;  ///< result of read(): no bytes now
  static constexpr std::ptrdiff_t Broken = -2;   ///< result of read(): the connection has failed

  /// @param descriptor  a non-blocking socket, which stays owned by the caller
  TlsSession(const TlsContext& context, int descriptor);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  Handshake handshake();
  /// Returns the number of bytes read, 0 at the end, Nothing or Broken. The number of records
  /// without data is bounded for the connection's life.
  /// @param size  at least 16 KiB, so that OpenSSL buffers nothing
  std::ptrdiff_t read(char* bytes, std::size_t size);
  /// Returns the number of accepted bytes, -1 if the connection has failed. A flush() may be needed
  /// to write the accepted bytes.
  std::ptrdiff_t write(const iovec* parts, int count);
  /// Writes the record that the socket did not accept before. Returns false if the socket still
  /// does not accept it.
  bool flush();
  /// Whether a record waits for the socket to take bytes; then call flush().
  [[nodiscard]] bool blocked() const { return !record_.empty(); }
  [[nodiscard]] bool broken() const { return broken_; }
  /// Sends close_notify, if the socket accepts it.
  void shut();

 private:
  std::ptrdiff_t write_record(const char* bytes, std::size_t size);

  ssl_st* session_;
  std::string record_;  ///< a record that OpenSSL has encrypted, and that must be offered again
  unsigned idle_records_ = 0;
  bool broken_ = false;
};

}  // namespace signaller::net
