#include "client_pool.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "websocket_frame.hpp"

namespace signaller::bench {
namespace {

constexpr std::size_t Headroom = std::size_t{128} * 1024;  // room for an incomplete frame
constexpr std::size_t ReadSize = std::size_t{256} * 1024;

// The headers of Chromium with a session cookie, 600 bytes.
constexpr std::string_view BrowserHeaders =
    "Pragma: no-cache\r\n"
    "Cache-Control: no-cache\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36\r\n"
    "Origin: http://127.0.0.1\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Accept-Language: en-GB,en;q=0.9,zh-CN;q=0.8,zh;q=0.7,de;q=0.6\r\n"
    "Cookie: session=7f3c1f0e5b9a4d6c8e2b1a0f9d8c7b6a; theme=dark; consent=1; "
    "_visit=GA1.1.1234567890.1700000000\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

std::string request_of(const Target& target, Headers headers) {
  std::string request = "GET " + target.path + " HTTP/1.1\r\nHost: " + target.host +
                        "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
  if (headers == Headers::Browser) {
    std::string lines(BrowserHeaders);
    const auto origin = lines.find("127.0.0.1");
    // An origin that matches the host.
    lines.replace(origin, std::strlen("127.0.0.1"), target.host);
    request += lines;
  }
  return request +
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
}

}  // namespace

ClientPool::ClientPool(Target target, Headers headers)
    : target_(std::move(target)),
      context_(target_.secure ? std::make_unique<TlsContext>() : nullptr),
      request_(request_of(target_, headers)),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      buffer_(new char[Headroom + ReadSize]) {}

ClientPool::~ClientPool() {
  for (auto& peer : peers_) close(peer);
  ::close(epoll_);
}

bool ClientPool::open() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    failure_ = std::string("socket: ") + std::strerror(errno);
    return false;
  }
  auto& peer = peers_.emplace_back();
  peer.fd = fd;
  if (context_) peer.tls = std::make_unique<TlsClient>(*context_, fd);
  peer.index = static_cast<std::uint32_t>(peers_.size() - 1);
  const auto& to = target_.address.sin_addr;
  if (peer.index >= target_.peers_of_address && (ntohl(to.s_addr) >> 24U) == 127) {
    // If bind_source fails, connect fails, too, and reports the error.
    (void)bind_source(fd, INADDR_LOOPBACK + peer.index / target_.peers_of_address);
  }
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const auto* address = reinterpret_cast<const sockaddr*>(&target_.address);
  if (connect(fd, address, sizeof target_.address) != 0 && errno != EINPROGRESS) {
    fail(peer, std::string("connect: ") + std::strerror(errno));
    return false;
  }
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u32 = peer.index;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  return true;
}

void ClientPool::send(Peer& peer, std::string_view bytes) {
  if (peer.state == Peer::State::Gone) return;
  if (!peer.unsent.empty()) {
    peer.unsent.append(bytes);
    return;
  }
  const ssize_t sent = write_some(peer, bytes);
  if (sent < 0 && errno != EAGAIN) {
    fail(peer, std::string("send: ") + std::strerror(errno));
    return;
  }
  peer.unsent.append(bytes.substr(sent < 0 ? 0 : static_cast<std::size_t>(sent)));
}

ssize_t ClientPool::write_some(Peer& peer, std::string_view bytes) {
  if (peer.tls) return peer.tls->send(bytes.data(), bytes.size());
  return ::send(peer.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

ssize_t ClientPool::read_some(Peer& peer, char* bytes, std::size_t size) {
  return peer.tls ? peer.tls->recv(bytes, size) : ::recv(peer.fd, bytes, size, 0);
}

void ClientPool::flush(Peer& peer) {
  const std::string waiting = std::move(peer.unsent);
  peer.unsent.clear();
  send(peer, waiting);
}

std::size_t ClientPool::round(int timeout_ms, Sink& sink) {
  std::array<epoll_event, 512> events{};
  const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout_ms);
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    handle(peers_[event.data.u32], event.events, sink);
  }
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

void ClientPool::handle(Peer& peer, std::uint32_t events, Sink& sink) {
  if (peer.state == Peer::State::Gone) return;
  if (peer.state == Peer::State::Connecting) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(peer.fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
      fail(peer, std::string("connect: ") + std::strerror(error));
      return;
    }
    peer.state = Peer::State::Handshaking;
    send(peer, request_);
  }
  const bool may_write = (events & EPOLLOUT) != 0 || peer.tls;  // a TLS write may need input
  if (may_write && !peer.unsent.empty()) flush(peer);
  const bool ending = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  if (ending || (events & EPOLLIN) != 0) read(peer, sink, ending);
}

void ClientPool::read(Peer& peer, Sink& sink, bool to_end) {
  char* const area = buffer_.get() + Headroom;
  std::size_t got = ReadSize;
  // A short read means that the socket is empty; further input is a new event.
  while ((got == ReadSize || to_end || peer.tls) && peer.state != Peer::State::Gone) {
    const ssize_t result = read_some(peer, area, ReadSize);
    if (result < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (result <= 0) {
      fail(peer, result == 0 ? "closed by the server" : std::strerror(errno));
      return;
    }
    ++reads_;
    got = static_cast<std::size_t>(result);
    char* begin = area;
    if (!peer.tail.empty()) {
      begin -= peer.tail.size();
      std::copy(peer.tail.begin(), peer.tail.end(), begin);
    }
    const std::string_view bytes(begin, static_cast<std::size_t>(area - begin) + got);
    const std::size_t used = sink.on_bytes(peer, bytes);
    peer.tail.assign(bytes.substr(used));
    if (peer.tail.size() > Headroom) fail(peer, "a frame of more than 128 KiB");
  }
}

void ClientPool::close(Peer& peer) {
  if (peer.state == Peer::State::Gone) return;
  peer.state = Peer::State::Gone;
  peer.tls.reset();
  ::close(peer.fd);
}

void ClientPool::fail(Peer& peer, std::string_view why) {
  if (peer.state == Peer::State::Gone) return;
  if (failure_.empty()) failure_ = "peer " + std::to_string(peer.index) + ": " + std::string(why);
  ++lost_;
  close(peer);
}

void on_control(ClientPool& pool, Peer& peer, std::string_view frame) {
  const auto head = whole_frame(frame);
  if (!head) return;
  const auto payload = frame.substr(head->header, head->payload);
  if (head->opcode == Opcode::Ping) {
    std::string pong;
    append_masked(pong, Opcode::Pong, payload);
    pool.send(peer, pong);
  } else if (head->opcode == Opcode::Close) {
    const auto code = payload.size() < 2 ? 1005
                                         : static_cast<unsigned char>(payload[0]) * 256 +
                                               static_cast<unsigned char>(payload[1]);
    pool.fail(peer, "closed with " + std::to_string(code) + " " +
                        std::string(payload.substr(payload.size() < 2 ? 0 : 2)));
  }
}

}  // namespace signaller::bench
