// TLS of one connection: reads and writes records.
#include "net/system/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <string_view>

namespace signaller::net {
namespace {

constexpr std::size_t RecordBytes = 16UL * 1024;  // maximum size of a record (RFC 8446 §5.1)
/// The maximum number of records without data (key updates and the like) in a connection's life. A
/// key update is due only after 2^24 records (RFC 8446 §5.5), and costs as much as many records
/// with data.
constexpr unsigned MostIdleRecords = 100;
constexpr int SocketIsEmpty = 0x40000000;  ///< our own flag of a BIO: the last read found no bytes

int descriptor_of(BIO* bio) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));  // NOLINT
}

bool try_again() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENOBUFS;
}

int bio_write(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t written = ::send(descriptor_of(bio), bytes, static_cast<std::size_t>(size),
                                 MSG_NOSIGNAL | MSG_DONTWAIT);
  if (written < 0 && try_again()) BIO_set_retry_write(bio);
  return static_cast<int>(written);
}

int bio_read(BIO* bio, char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  BIO_clear_flags(bio, SocketIsEmpty);
  const ssize_t read =
      ::recv(descriptor_of(bio), bytes, static_cast<std::size_t>(size), MSG_DONTWAIT);
  if (read < 0 && try_again()) {
    BIO_set_retry_read(bio);
    BIO_set_flags(bio, SocketIsEmpty);
  }
  if (read == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(read);
}

long bio_control(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

/// A BIO for a socket. OpenSSL's own socket BIO would raise SIGPIPE.
BIO* socket_bio(int descriptor) {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    BIO_meth_set_write(made, bio_write);
    BIO_meth_set_read(made, bio_read);
    BIO_meth_set_ctrl(made, bio_control);
    return made;
  }();
  BIO* bio = BIO_new(method);
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));  // NOLINT
  BIO_set_init(bio, 1);
  return bio;
}

/// Reads the parts as if they were one string.
class Cursor {
 public:
  Cursor(const iovec* parts, int count) : parts_(parts), count_(count) {}

  /// Returns the next bytes, at most one record; empty at the end.
  /// @param scratch  RecordBytes of memory, for bytes that come from several parts
  std::string_view next(char* scratch) {
    if (count_ == 0) return {};
    const std::size_t here = parts_->iov_len - offset_;
    if (here >= RecordBytes || count_ == 1) {
      const char* start = static_cast<const char*>(parts_->iov_base) + offset_;
      return {start, advance(std::min(here, RecordBytes))};
    }
    std::size_t size = 0;
    while (count_ > 0 && size < RecordBytes) {
      const char* start = static_cast<const char*>(parts_->iov_base) + offset_;
      const std::size_t piece = std::min(parts_->iov_len - offset_, RecordBytes - size);
      std::copy_n(start, piece, scratch + size);
      size += advance(piece);
    }
    return {scratch, size};
  }

 private:
  std::size_t advance(std::size_t size) {
    offset_ += size;
    if (offset_ == parts_->iov_len) {
      ++parts_;
      --count_;
      offset_ = 0;
    }
    return size;
  }

  const iovec* parts_;
  int count_;
  std::size_t offset_ = 0;
};

}  // namespace

TlsSession::TlsSession(const TlsContext& context, int descriptor)
    : session_(SSL_new(context.get())) {
  if (session_ == nullptr) throw std::bad_alloc();
  BIO* bio = socket_bio(descriptor);
  SSL_set_bio(session_, bio, bio);
  SSL_set_accept_state(session_);
}

TlsSession::~TlsSession() {
  SSL_free(session_);
}

TlsSession::Handshake TlsSession::handshake() {
  ERR_clear_error();
  const int done = SSL_do_handshake(session_);
  if (done == 1) return Handshake::Done;
  switch (SSL_get_error(session_, done)) {
    case SSL_ERROR_WANT_READ:
      return Handshake::WantsRead;
    case SSL_ERROR_WANT_WRITE:
      return Handshake::WantsWrite;
    default:
      broken_ = true;
      return ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST ? Handshake::PlainHttp
                                                                    : Handshake::Failed;
  }
}

std::ptrdiff_t TlsSession::read(char* bytes, std::size_t size) {
  while (!broken_) {
    ERR_clear_error();
    std::size_t got = 0;
    const int done = SSL_read_ex(session_, bytes, size, &got);
    if (done == 1) return static_cast<std::ptrdiff_t>(got);
    const int error = SSL_get_error(session_, done);
    if (error == SSL_ERROR_ZERO_RETURN) return 0;
    // OpenSSL wants to answer a key update: the next write sends the answer.
    if (error == SSL_ERROR_WANT_WRITE) return Nothing;
    const bool idle = error == SSL_ERROR_WANT_READ;  // a record without data, or no record
    if (idle && BIO_test_flags(SSL_get_rbio(session_), SocketIsEmpty) != 0) return Nothing;
    broken_ = !idle || ++idle_records_ > MostIdleRecords;
  }
  return Broken;
}

/// Returns the number of accepted bytes, all or none, or -1. Keeps a record that the socket did not
/// accept: OpenSSL has encrypted it already, and the outbox may pass other bytes the next time.
std::ptrdiff_t TlsSession::write_record(const char* bytes, std::size_t size) {
  ERR_clear_error();
  std::size_t written = 0;
  const int done = SSL_write_ex(session_, bytes, size, &written);
  if (done == 1) return static_cast<std::ptrdiff_t>(written);
  const int error = SSL_get_error(session_, done);
  if (error != SSL_ERROR_WANT_WRITE && error != SSL_ERROR_WANT_READ) {
    broken_ = true;
    return -1;
  }
  record_.assign(bytes, size);
  return static_cast<std::ptrdiff_t>(size);
}

bool TlsSession::flush() {
  if (record_.empty()) return true;
  if (broken_) return false;
  ERR_clear_error();
  std::size_t written = 0;
  const int done = SSL_write_ex(session_, record_.data(), record_.size(), &written);
  if (done == 1) {
    std::string().swap(record_);
    return true;
  }
  const int error = SSL_get_error(session_, done);
  broken_ = error != SSL_ERROR_WANT_WRITE && error != SSL_ERROR_WANT_READ;
  return false;
}

std::ptrdiff_t TlsSession::write(const iovec* parts, int count) {
  thread_local std::array<char, RecordBytes> joined;
  flush();
  Cursor cursor(parts, count);
  std::ptrdiff_t taken = 0;
  while (!broken_ && record_.empty()) {
    const std::string_view bytes = cursor.next(joined.data());
    if (bytes.empty()) break;
    const std::ptrdiff_t written = write_record(bytes.data(), bytes.size());
    if (written > 0) taken += written;
  }
  return broken_ ? -1 : taken;
}

void TlsSession::shut() {
  if (broken_ || !record_.empty()) return;
  ERR_clear_error();
  SSL_shutdown(session_);
}

}  // namespace signaller::net
