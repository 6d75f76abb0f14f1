// A client's end of TLS, in the manner of a socket. It trusts any certificate: both ends are ours.
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

/// Over a non-blocking descriptor, which stays the caller's. The handshake happens on the way.
class TlsClient {
 public:
  TlsClient(const TlsContext& context, int descriptor);
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  /// As send(2): with EAGAIN the same bytes, and perhaps more after them, must come again.
  ssize_t send(const char* bytes, std::size_t size);
  /// As recv(2).
  ssize_t recv(char* bytes, std::size_t size);

 private:
  ssize_t result(int done, std::size_t size);
  ssl_st* session_;
};

}  // namespace signaller::bench
