// TLS on a socket that is ours: OpenSSL reads and writes the descriptor, without blocking.
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

/// Where a listener's certificate lies: PEM files. The certificate's may hold its chain.
struct TlsFiles {
  std::string certificate;
  std::string key;
};

/// What one certificate needs: TLS 1.2 and 1.3, ALPN http/1.1, no renegotiation, no compression.
/// Immutable; any thread.
class TlsContext {
 public:
  /// @throws std::runtime_error  which file is not as it should be, and why
  explicit TlsContext(const TlsFiles& files);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  [[nodiscard]] ssl_ctx_st* get() const { return context_; }
  /// When the certificate ends.
  [[nodiscard]] std::chrono::system_clock::time_point expires() const { return expires_; }

 private:
  void use(const TlsFiles& files);

  ssl_ctx_st* context_;
  std::chrono::system_clock::time_point expires_;
};

/// The certificate of a listener, which may be replaced while connections live: those that there
/// are keep the older one. Any thread, also at once.
class TlsIdentity {
 public:
  /// @throws std::runtime_error  as TlsContext does
  explicit TlsIdentity(TlsFiles files);
  [[nodiscard]] std::shared_ptr<const TlsContext> current() const;
  /// Reads these files from here on. On an error the older certificate stays.
  /// @throws std::runtime_error  as TlsContext does
  void reload(const TlsFiles& files);
  /// The files, if one of them is another one, or was written, since they were read; also at each
  /// 15th look while they are no good, since what was wrong may have been something else.
  [[nodiscard]] std::optional<TlsFiles> changed();

 private:
  mutable std::mutex mutex_;  ///< for the next four
  TlsFiles files_;
  std::string stamp_;                          ///< of the files, when they were read
  bool failed_ = false;                        ///< they were no good
  unsigned looks_ = 0;                         ///< since then
  std::shared_ptr<const TlsContext> context_;  ///< by std::atomic_load and std::atomic_store
};

/// The server's side of one TLS connection. One thread at a time.
class TlsSession {
 public:
  enum class Handshake : std::uint8_t {
    Done,
    WantsRead,
    WantsWrite,
    Failed,
    PlainHttp,  ///< failed, since the client speaks HTTP without TLS: it may be told so
  };
  static constexpr std::ptrdiff_t Nothing = -1;  ///< of read(): none now
  static constexpr std::ptrdiff_t Broken = -2;   ///< of read(): the connection is of no more use

  /// @param descriptor  a non-blocking socket; stays the caller's
  TlsSession(const TlsContext& context, int descriptor);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  Handshake handshake();
  /// The number of bytes read, 0 at the end, Nothing or Broken. Records that say nothing have a
  /// bound for the connection's life.
  /// @param size  at least 16 KiB: then nothing that came in stays behind in here
  std::ptrdiff_t read(char* bytes, std::size_t size);
  /// The number of bytes taken, -1 if the connection is of no more use. What has been taken may
  /// still have to be flushed.
  std::ptrdiff_t write(const iovec* parts, int count);
  /// Writes a record that the socket did not take before. False: it still does not.
  bool flush();
  /// A record waits for the socket to take bytes: flush() then.
  [[nodiscard]] bool blocked() const { return !record_.empty(); }
  [[nodiscard]] bool broken() const { return broken_; }
  /// Says that nothing more follows (close_notify), if the socket takes it.
  void shut();

 private:
  std::ptrdiff_t write_record(const char* bytes, std::size_t size);

  ssl_st* session_;
  std::string record_;  ///< what OpenSSL has encrypted and must be given again
  unsigned idle_records_ = 0;
  bool broken_ = false;
};

}  // namespace signaller::net
