#include "registration.hpp"

#include "clock.hpp"
#include "identity.hpp"
#include "server_line.hpp"
#include "websocket_frame.hpp"

namespace signaller::bench {
namespace {

constexpr std::string_view HandshakeEnd = "\r\n\r\n";
constexpr std::string_view Switching = "HTTP/1.1 101 ";

}  // namespace

std::string Registration::channel_of(std::uint32_t index) const {
  if (arrival_.channel_size == 0) return "#bench";
  return "#b" + std::to_string((arrival_.first + index) / arrival_.channel_size);
}

bool Registration::join_peers(std::size_t goal) {
  const auto timeout = ns(arrival_.timeout_s);
  last_byte_ns_ = now_ns();
  while (joined_ < goal) {
    while (pool_.size() < goal && pool_.size() - joined_ < arrival_.under_way) {
      if (!pool_.open()) return false;
    }
    pool_.round(100, *this);
    if (pool_.lost() > 0) return false;
    if (now_ns() - last_byte_ns_ > timeout) {
      pool_.fail(pool_[pool_.size() - 1], "no input before the timeout; joined " +
                                              std::to_string(joined_) + " of " +
                                              std::to_string(goal));
      return false;
    }
  }
  return true;
}

void Registration::wait_until_quiet(int quiet_ms) {
  const auto end = now_ns() + ns(60);
  const auto quiet = ns(quiet_ms / 1e3);
  do {
    pool_.round(quiet_ms, *this);
  } while (now_ns() < end && now_ns() - last_byte_ns_ < quiet);
}

std::size_t Registration::on_bytes(Peer& peer, std::string_view bytes) {
  std::size_t used = 0;
  if (peer.state == Peer::State::Handshaking) {
    last_byte_ns_ = now_ns();
    used = on_handshake(peer, bytes);
    if (used == 0) return 0;
  }
  while (const auto head = whole_frame(bytes.substr(used))) {
    const auto frame = bytes.substr(used, head->size());
    if (head->opcode != Opcode::Text) {
      on_control(pool_, peer, frame);  // pings do not count as progress
      used += head->size();
      continue;
    }
    last_byte_ns_ = now_ns();
    if (peer.state == Peer::State::Registering) {
      on_line(peer, frame.substr(head->header));
    }
    used += head->size();
  }
  return used;
}

std::size_t Registration::on_handshake(Peer& peer, std::string_view bytes) {
  const auto end = bytes.find(HandshakeEnd);
  if (end == std::string_view::npos) return 0;
  if (bytes.substr(0, Switching.size()) != Switching) {
    pool_.fail(peer, "handshake: " + std::string(bytes.substr(0, bytes.find('\r'))));
    return bytes.size();
  }
  peer.state = Peer::State::Registering;
  std::string hello;
  append_masked(
      hello, Opcode::Text,
      arrival_.known ? describe(identity_of(arrival_.first + peer.index)) : arrival_.describe);
  append_masked(hello, Opcode::Text, "/join " + channel_of(peer.index));
  pool_.send(peer, hello);
  return end + HandshakeEnd.size();
}

void Registration::on_line(Peer& peer, std::string_view line) {
  const auto message = without_source(line);
  const auto verb = message.substr(0, message.find(' '));
  if (verb == "001") {
    const auto id = message.substr(4);
    peer.id = id.substr(0, id.find(' '));
  } else if (verb == "366") {
    peer.state = Peer::State::Joined;
    ++joined_;
  } else if (is_refusal(message)) {
    pool_.fail(peer, line);
  }
}

}  // namespace signaller::bench
