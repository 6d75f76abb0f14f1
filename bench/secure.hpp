// A client's end of TLS, in the manner of a socket. It trusts any certificate: both ends are ours.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>

struct ssl_ctx_st;
struct ssl_st;

namespace signaller::bench {

class SecureContext {
 public:
  SecureContext();
  ~SecureContext();
  SecureContext(const SecureContext&) = delete;
  SecureContext& operator=(const SecureContext&) = delete;
  [[nodiscard]] ssl_ctx_st* get() const { return context_; }

 private:
  ssl_ctx_st* context_;
};

/// Over a non-blocking descriptor, which stays the caller's. The handshake happens on the way.
class Secure {
 public:
  Secure(const SecureContext& context, int descriptor);
  ~Secure();
  Secure(const Secure&) = delete;
  Secure& operator=(const Secure&) = delete;

  /// As send(2): with EAGAIN the same bytes, and perhaps more after them, must come again.
  ssize_t send(const char* bytes, std::size_t size);
  /// As recv(2).
  ssize_t recv(char* bytes, std::size_t size);

 private:
  ssize_t result(int done, std::size_t size);
  ssl_st* session_;
};

}  // namespace signaller::bench
