#include "echo/echo_protocol.hpp"

#include <string>

namespace signaller::echo {
namespace {

using port::Effects;

/// When this many bytes of answers wait, the client's next message is handled only after the
/// answers are written.
constexpr std::size_t Piece = 32UL * 1024;
/// Bytes that are counted for each message besides its payload, so that many empty messages are
/// limited too.
constexpr std::size_t PerMessage = 64;

}  // namespace

std::vector<port::Endpoint> EchoProtocol::paths() {
  return {{Name, "/echo", "", false, true, true}};
}

Effects EchoProtocol::on_open(const port::Opened& opened, port::Instant /*now*/) {
  sent_.emplace(opened.connection, 0);
  // Sends no FrameLimit, not even one with the same value: until the first FrameLimit, the edge
  // reads a message only after the previous one has been answered. So answers keep their order
  // among pongs and close frames, even if the core runs on another thread.
  return {};
}

Effects EchoProtocol::on_text(port::ConnectionId from, std::string_view text,
                              port::Instant /*now*/) {
  return answer(from, text, false);
}

Effects EchoProtocol::on_binary(port::ConnectionId from, std::string_view bytes,
                                port::Instant /*now*/) {
  return answer(from, bytes, true);
}

Effects EchoProtocol::answer(port::ConnectionId to, std::string_view payload, bool binary) {
  std::size_t& sent = sent_[to];
  sent += payload.size() + PerMessage;
  const bool more = sent >= Piece;
  if (more) sent = 0;
  return port::Effect(
      port::Send{to, std::string(payload), port::FrameClass::Chat, 0, more, binary});
}

Effects EchoProtocol::on_close(const port::Closed& closed, port::Instant /*now*/) {
  sent_.erase(closed.connection);
  return {};
}

}  // namespace signaller::echo
