#include "floor.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <websocketpp/base64/base64.hpp>
#include <websocketpp/sha1/sha1.hpp>

#include "message_stream.hpp"
#include "websocket_frame.hpp"

namespace signaller::bench {
namespace {

constexpr std::string_view Secret = "0123456789abcdef0123456789abcdef";

/// Computes Sec-WebSocket-Accept (RFC 6455 §4.2.2).
std::string accept_of(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, 20> digest{};
  websocketpp::sha1::calc(text.data(), text.size(), digest.data());
  return websocketpp::base64_encode(digest.data(), digest.size());
}

}  // namespace

Floor::Floor() : epoll_(epoll_create1(EPOLL_CLOEXEC)), buffer_(65'536) {}

Floor::~Floor() {
  for (const auto& client : clients_) {
    if (client) close(client->fd);
  }
  close(listener_);
  close(epoll_);
}

bool Floor::listen(const std::string& address, std::uint16_t port) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(port);
  if (inet_pton(AF_INET, address.c_str(), &place.sin_addr) != 1) return false;
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0) return false;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = listener_;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event);
  return ::listen(listener_, 4096) == 0;
}

void Floor::run() {
  std::array<epoll_event, 128> events{};
  for (;;) {
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      if (event.data.fd == listener_) {
        accept_all();
        continue;
      }
      auto& client = clients_[static_cast<std::size_t>(event.data.fd)];
      if (client && (event.events & EPOLLOUT) != 0) flush(*client);
      if (client && (event.events & ~EPOLLOUT) != 0) read(*client);
    }
  }
}

void Floor::accept_all() {
  for (;;) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto place = static_cast<std::size_t>(fd);
    if (clients_.size() <= place) clients_.resize(place * 2);
    clients_[place] = std::make_unique<Client>();
    clients_[place]->fd = fd;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }
}

void Floor::read(Client& client) {
  const ssize_t got = recv(client.fd, buffer_.data(), buffer_.size(), 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) {
    end(client);
    return;
  }
  client.in.append(buffer_.data(), static_cast<std::size_t>(got));
  const std::string bytes = std::move(client.in);
  const std::size_t used = client.open ? on_frames(client, bytes) : on_handshake(client, bytes);
  client.in = bytes.substr(used);
}

std::size_t Floor::on_handshake(Client& client, std::string_view bytes) {
  constexpr std::string_view KeyName = "Sec-WebSocket-Key: ";
  const auto end = bytes.find("\r\n\r\n");
  const auto key = bytes.find(KeyName);
  if (end == std::string_view::npos || key > end) return 0;
  const auto value = bytes.substr(key + KeyName.size());
  client.open = true;
  send(client,
       "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
       "Sec-WebSocket-Accept: " +
           accept_of(value.substr(0, value.find('\r'))) + "\r\n\r\n");
  return end + 4 + on_frames(client, bytes.substr(end + 4));
}

std::size_t Floor::on_frames(Client& client, std::string_view bytes) {
  std::size_t used = 0;
  while (const auto head = whole_frame(bytes.substr(used))) {
    std::string line(bytes.substr(used + head->header, head->payload));
    if (head->masked) mask(line.data(), line.size(), head->key);
    if (head->opcode == Opcode::Text) on_line(client, line);
    used += head->size();
  }
  return used;
}

void Floor::on_line(Client& client, std::string_view line) {
  const auto space = line.find(' ');
  const auto verb = line.substr(0, space);
  const auto rest = line.substr(std::min(space, line.size() - 1) + 1);
  if (verb == "/pubmsg") {
    publish(client, rest);
  } else if (verb == "/join") {
    join(client, rest);
  } else if (verb == "/descp") {
    describe(client);
  }
}

void Floor::describe(Client& client) {
  client.id = fmt::format("{:024x}", ++last_id_);
  tell(client, fmt::format(":floor 001 {} :Welcome", client.id));
  tell(client, fmt::format(":floor SESSION {} {} 0 new 0:0", client.id, Secret));
  tell(client, fmt::format(":floor 422 {} :There is no message of the day", client.id));
}

void Floor::join(Client& client, std::string_view channel) {
  client.channel = channel;
  auto& members = channels_[client.channel];
  members.push_back(&client);
  tell(client, fmt::format(":{} JOIN {}", client.id, channel));
  tell(client,
       fmt::format(":floor 366 {} {} 0 {} :End of the list", client.id, channel, members.size()));
}

void Floor::publish(const Client& from, std::string_view rest) {
  const auto space = rest.find(' ');
  const auto members = channels_.find(std::string(rest.substr(0, space)));
  if (members == channels_.end() || space == std::string_view::npos) return;
  frame_.clear();
  append_frame(frame_, Opcode::Text,
               fmt::format(":{} PUBMSG {} :{}", from.id, members->first, rest.substr(space + 1)));
  for (Client* member : members->second) {
    if (member != &from) send(*member, frame_);
  }
}

void Floor::tell(Client& client, std::string_view line) {
  std::string frame;
  append_frame(frame, Opcode::Text, line);
  send(client, frame);
}

void Floor::send(Client& client, std::string_view bytes) {
  if (client.out.empty()) {
    // Ignores errors of send(2): if the connection is broken, the next read reports it.
    const ssize_t sent = ::send(client.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent == static_cast<ssize_t>(bytes.size())) return;
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    watch(client, true);
  }
  client.out.append(bytes);
}

void Floor::flush(Client& client) {
  const std::string waiting = std::move(client.out);
  client.out.clear();
  watch(client, false);
  send(client, waiting);
}

void Floor::watch(const Client& client, bool writing) const {
  epoll_event event{};
  event.events = writing ? EPOLLIN | EPOLLOUT : EPOLLIN;
  event.data.fd = client.fd;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, client.fd, &event);
}

void Floor::end(Client& client) {
  const auto found = channels_.find(client.channel);
  if (found != channels_.end()) {
    auto& members = found->second;
    members.erase(std::remove(members.begin(), members.end(), &client), members.end());
    if (members.empty()) channels_.erase(found);
  }
  close(client.fd);
  clients_[static_cast<std::size_t>(client.fd)].reset();
}

}  // namespace signaller::bench
