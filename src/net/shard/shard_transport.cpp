// Reads and writes the socket of a connection, plain or with TLS.
#include <sys/socket.h>

#include <cerrno>

#include "net/shard/shard.hpp"

namespace signaller::net {
namespace {

bool nothing_now() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENOBUFS;
}

std::ptrdiff_t write_plain(int descriptor, const iovec* parts, int count) {
  constexpr int Flags = MSG_NOSIGNAL | MSG_DONTWAIT;
  ssize_t written = 0;
  if (count == 1) {
    written = ::send(descriptor, parts->iov_base, parts->iov_len, Flags);
  } else {
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(parts);  // NOLINT: sendmsg only reads the parts
    message.msg_iovlen = static_cast<std::size_t>(count);
    written = ::sendmsg(descriptor, &message, Flags);
  }
  if (written >= 0) return written;
  return nothing_now() ? 0 : -1;
}

}  // namespace

/// Reads into received_. Returns the number of bytes, 0 at EOF, NothingNow, or a smaller value if
/// the connection is broken.
std::ptrdiff_t Shard::receive(Connection& connection) {
  static_assert(NothingNow == TlsSession::Nothing);
  if (connection.tls) return connection.tls->read(received_.data(), received_.size());
  const ssize_t size =
      ::recv(connection.descriptor, received_.data(), received_.size(), MSG_DONTWAIT);
  if (size >= 0) return size;
  return nothing_now() ? NothingNow : NothingNow - 1;
}

/// Does one step of the TLS handshake. Returns true if the handshake is complete; the request
/// follows.
bool Shard::secure(Connection& connection) {
  if (!connection.tls) {
    connection.tls =
        std::make_unique<TlsSession>(*connection.routes->tls->current(), connection.descriptor);
  }
  switch (connection.tls->handshake()) {
    case TlsSession::Handshake::Done:
      connection.stage = Stage::Request;
      return true;
    case TlsSession::Handshake::WantsRead:
      arm_read(connection);
      return false;
    case TlsSession::Handshake::WantsWrite:
      want_writable(connection);
      return false;
    case TlsSession::Handshake::PlainHttp:
      connection.tls.reset();
      answer(
          connection,
          {400, "text/plain; charset=utf-8", "This port speaks TLS: use https:// or wss://\n", {}});
      return false;
    case TlsSession::Handshake::Failed:
      ++tls_failures_;
      connection.tls.reset();  // the TLS alert has been written; later bytes are dropped
      finish(connection);
      return false;
  }
  return false;
}

std::ptrdiff_t Shard::write(Subscriber& link, const iovec* parts, int count) {
  auto& connection = static_cast<Connection&>(link);
  if (!connection.tls) return write_plain(link.descriptor, parts, count);
  const std::ptrdiff_t taken = connection.tls->write(parts, count);
  if (connection.tls->blocked()) want_writable(link);
  return taken;
}

void Shard::want_writable(Subscriber& link) {
  auto& connection = static_cast<Connection&>(link);
  if (connection.writing) return;
  connection.writing = true;
  connection.socket.async_wait(asio::ip::tcp::socket::wait_write,
                               [this, id = id_of(link)](const std::error_code&) {
                                 Connection* ready = find(id);
                                 if (ready == nullptr) return;
                                 ready->writing = false;
                                 on_writable(*ready);
                               });
}

void Shard::on_writable(Connection& connection) {
  if (connection.stage == Stage::Securing) {
    if (secure(connection)) arm_read(connection);
    return;
  }
  if (connection.tls && !connection.tls->flush()) {
    return connection.tls->broken() ? lose(connection) : want_writable(connection);
  }
  connection.heard = beat_;  // the client accepts bytes, which is a sign of life
  fanout_.writable(connection);
  if (connection.shut_due) shut_sending(connection);
}

/// Shuts the sending side, after the last TLS record that still waits.
void Shard::shut_sending(Connection& connection) {
  connection.shut_due = connection.tls && connection.tls->blocked();
  if (connection.shut_due) return want_writable(connection);
  if (connection.tls) connection.tls->shut();
  ::shutdown(connection.descriptor, SHUT_WR);
  connection.shut = true;
  if (connection.ended) lost_.push_back(id_of(connection));
}

void Shard::broken(Subscriber& link) {
  broken_.push_back(id_of(link));
}
void Shard::too_slow(Subscriber& link) {
  slow_.push_back(id_of(link));
}
void Shard::drained(Subscriber& link) {
  drained_.push_back(id_of(link));
}

}  // namespace signaller::net
