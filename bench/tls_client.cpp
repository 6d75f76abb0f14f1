#include "tls_client.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <new>

namespace signaller::bench {

TlsContext::TlsContext() : context_(SSL_CTX_new(TLS_client_method())) {
  if (context_ == nullptr) throw std::bad_alloc();
  SSL_CTX_set_mode(context_, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                 SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

TlsClient::TlsClient(const TlsContext& context, int descriptor) : session_(SSL_new(context.get())) {
  if (session_ == nullptr) throw std::bad_alloc();
  SSL_set_fd(session_, descriptor);
  SSL_set_connect_state(session_);
}

TlsClient::~TlsClient() {
  SSL_free(session_);
}

ssize_t TlsClient::result(int done, std::size_t size) {
  if (done == 1) return static_cast<ssize_t>(size);
  switch (SSL_get_error(session_, done)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      errno = EAGAIN;
      return -1;
    case SSL_ERROR_ZERO_RETURN:
      return 0;
    default:
      errno = ECONNRESET;
      return -1;
  }
}

ssize_t TlsClient::send(const char* bytes, std::size_t size) {
  std::size_t all = 0;
  while (all < size) {
    ERR_clear_error();
    std::size_t written = 0;
    const int done = SSL_write_ex(session_, bytes + all, size - all, &written);
    if (done != 1) return all > 0 ? static_cast<ssize_t>(all) : result(done, 0);
    all += written;
  }
  return static_cast<ssize_t>(all);
}

ssize_t TlsClient::recv(char* bytes, std::size_t size) {
  ERR_clear_error();
  std::size_t read = 0;
  const int done = SSL_read_ex(session_, bytes, size, &read);
  return result(done, read);
}

}  // namespace signaller::bench
