#include "attack_bans.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "server_line.hpp"
#include "websocket_frame.hpp"

namespace signaller::bench {
namespace {

/// A blocking client with a timeout of ten seconds.
class Operator {
 public:
  explicit Operator(const Target& target) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval timeout{10, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    const auto* address = reinterpret_cast<const sockaddr*>(&target.address);
    if (connect(fd_, address, sizeof target.address) != 0) return;
    send("GET " + target.path + " HTTP/1.1\r\nHost: " + target.host +
         "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    constexpr std::string_view End = "\r\n\r\n";
    while (bytes_.find(End) == std::string::npos && more()) {
    }
    bytes_.erase(0, bytes_.find(End) + End.size());
  }
  Operator(const Operator&) = delete;
  Operator& operator=(const Operator&) = delete;
  ~Operator() { ::close(fd_); }

  void say(std::string_view line) {
    std::string frame;
    append_masked(frame, Opcode::Text, line);
    send(frame);
  }
  /// Skips to a line that contains `words`. Returns false if an error came, or the connection
  /// ended.
  bool hears(std::string_view words) {
    do {
      while (const auto head = whole_frame(bytes_)) {
        last_ = bytes_.substr(head->header, head->payload);
        bytes_.erase(0, head->size());
        if (last_.find(words) != std::string::npos) return true;
        if (head->opcode == Opcode::Text && is_refusal(without_source(last_))) return false;
      }
    } while (more());
    return false;
  }
  [[nodiscard]] const std::string& last() const { return last_; }

 private:
  // Sends bytes. Errors are ignored: they show as a missing answer.
  void send(std::string_view bytes) const {
    (void)::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  bool more() {
    std::array<char, 4096> piece{};
    const ssize_t got = recv(fd_, piece.data(), piece.size(), 0);
    if (got <= 0) last_ = got == 0 ? "closed by the server" : std::strerror(errno);
    if (got <= 0) return false;
    bytes_.append(piece.data(), static_cast<std::size_t>(got));
    return true;
  }

  int fd_;
  std::string bytes_;
  std::string last_ = "no connection";
};

}  // namespace

std::string ban(const Target& target, const std::string& name, const std::string& password,
                const std::string& range) {
  Operator root(target);
  root.say("/descp {}");
  root.say("/oper " + name + " " + password);
  if (!root.hears(" 381 ")) return "/oper: " + root.last();
  root.say("@label=ban /ban ip:" + range + " * 1h attack");
  if (!root.hears(" ACK ")) return "/ban: " + root.last();
  root.say("/quit");
  return {};
}

}  // namespace signaller::bench
