#include "tests/rfc6455/peer.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include "tests/rfc6455/wire.hpp"

namespace signaller::net {
namespace {

constexpr timeval Patience{10, 0};

unsigned byte_of(const std::string& bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

std::string opcode_name(unsigned opcode) {
  switch (opcode) {
    case op::Text:
      return "text";
    case op::Binary:
      return "binary";
    case op::Close:
      return "close";
    case op::Ping:
      return "ping";
    case op::Pong:
      return "pong";
    default:
      return "breach: opcode " + std::to_string(opcode);
  }
}

}  // namespace

Peer::Peer(std::uint16_t port, bool secure, int receive_bytes) {
  descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &Patience, sizeof Patience);
  if (receive_bytes > 0) {
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  if (!secure) return;
  ::signal(SIGPIPE, SIG_IGN);  // NOLINT: OpenSSL writes without MSG_NOSIGNAL
  context_ = SSL_CTX_new(TLS_client_method());
  session_ = SSL_new(context_);
  SSL_set_fd(session_, descriptor_);
  EXPECT_EQ(SSL_connect(session_), 1);
}

Peer::~Peer() {
  SSL_free(session_);
  SSL_CTX_free(context_);
  ::close(descriptor_);
}

void Peer::put(const std::string& bytes) {
  if (session_ != nullptr) {
    if (!bytes.empty()) SSL_write(session_, bytes.data(), static_cast<int>(bytes.size()));
    return;
  }
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t size =
        ::send(descriptor_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (size <= 0) return;
    sent += static_cast<std::size_t>(size);
  }
}

void Peer::put_bytewise(const std::string& bytes) {
  for (const char byte : bytes) put(std::string(1, byte));
}

std::size_t Peer::press(const std::string& bytes) {
  constexpr int Patience_ms = 300;  // without progress: the server does not read
  std::size_t written = 0;
  pollfd place{descriptor_, POLLOUT, 0};
  while (written < bytes.size() && ::poll(&place, 1, Patience_ms) == 1) {
    const ssize_t size = ::send(descriptor_, bytes.data() + written, bytes.size() - written,
                                MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size < 0 && errno != EAGAIN) break;
    if (size > 0) written += static_cast<std::size_t>(size);
  }
  return written;
}

void Peer::shut() {
  if (session_ != nullptr) SSL_shutdown(session_);
  ::shutdown(descriptor_, SHUT_WR);
}

/// Returns false at the end of the stream, and after ten seconds without a byte.
bool Peer::fill() {
  std::array<char, 64UL * 1024> part{};
  ssize_t size = 0;
  if (session_ != nullptr) {
    size = SSL_read(session_, part.data(), part.size());
    silent_ = size < 0 && SSL_get_error(session_, static_cast<int>(size)) == SSL_ERROR_WANT_READ;
  } else {
    size = ::recv(descriptor_, part.data(), part.size(), 0);
    silent_ = size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }
  if (size <= 0) return false;
  come_.append(part.data(), static_cast<std::size_t>(size));
  return true;
}

std::string Peer::take(std::size_t size) {
  while (come_.size() < size && fill()) {
  }
  std::string out = come_.substr(0, size);
  come_.erase(0, out.size());
  return out;
}

std::string Peer::head() {
  std::size_t end = 0;
  while ((end = come_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return "no head: " + std::exchange(come_, {});
  }
  return take(end + 4);
}

std::string Peer::hear() {
  const std::string basic = take(2);
  if (basic.size() < 2) return silent_ ? "silence" : basic.empty() ? "eof" : "breach: half a frame";
  const unsigned short_length = byte_of(basic, 1) & 0x7fU;
  const std::size_t more = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
  std::uint64_t length = more == 0 ? short_length : 0;
  const std::string extended = take(more);
  for (std::size_t i = 0; i < extended.size(); ++i) length = length << 8U | byte_of(extended, i);
  const std::string payload = take(length);
  if (payload.size() != length) return silent_ ? "silence" : "breach: half a frame";
  if ((byte_of(basic, 0) & 0x80U) == 0) return "breach: a fragment";
  if ((byte_of(basic, 0) & 0x70U) != 0) return "breach: reserved bits";
  if ((byte_of(basic, 1) & 0x80U) != 0) return "breach: masked";
  if (length < (more == 8 ? 65'536U : more == 2 ? 126U : 0U)) return "breach: a long length";
  const unsigned opcode = byte_of(basic, 0) & 0x0fU;
  if (opcode != op::Close) return word(opcode_name(opcode), payload);
  if (payload.size() == 1) return "breach: half a code";
  reason_ = payload.substr(payload.empty() ? 0 : 2);
  if (payload.empty()) return "close";
  return "close " + std::to_string(byte_of(payload, 0) << 8U | byte_of(payload, 1));
}

}  // namespace signaller::net
