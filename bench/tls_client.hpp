// A TLS client with the interface of a socket. It does not verify certificates.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>

struct ssl_ctx_st;
struct ssl_st;

namespace signaller::bench {

class TlsContext {
 public:
  TlsContext();
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;
  [[nodiscard]] ssl_ctx_st* get() const { return context_; }

 private:
  ssl_ctx_st* context_;
};

/// TLS on a non-blocking descriptor, which the caller owns. The handshake happens within send and
/// recv.
class TlsClient {
 public:
  TlsClient(const TlsContext& context, int descriptor);
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  /// Like send(2), with one difference: after EAGAIN the next call must begin with the same bytes.
  ssize_t send(const char* bytes, std::size_t size);
  /// Like recv(2), for decrypted bytes.
  ssize_t recv(char* bytes, std::size_t size);

 private:
  ssize_t result(int done, std::size_t size);
  ssl_st* session_;
};

}  // namespace signaller::bench
