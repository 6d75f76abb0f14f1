// The echo protocol lives in this folder, for conformance suites: it sends every message back.
// Served only where `paths` names it. Nothing else belongs here. Everything runs on the core's
// thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "port/protocol.hpp"

namespace signaller::echo {

/// Sends text back as text and binary as binary, in order, as fast as the client reads. Charges no
/// costs. A client never exceeds the bounds of its outbox.
class EchoProtocol final : public port::Protocol {
 public:
  /// The name for `paths` in server.conf.
  static constexpr std::string_view Name = "echo";
  /// The largest message, in bytes. Conformance suites send messages of 16 MiB.
  static constexpr std::size_t LargestMessage = 32UL * 1024 * 1024;

  /// @param limit  the largest message, in bytes
  explicit EchoProtocol(std::size_t limit = LargestMessage) : limit_(limit) {}

  static std::vector<port::Endpoint> paths();

  [[nodiscard]] std::vector<port::Endpoint> endpoints() const override { return paths(); }
  [[nodiscard]] std::size_t first_frame_limit() const override { return limit_; }

  port::Effects on_open(const port::Opened& opened, port::Instant now) override;
  port::Effects on_text(port::ConnectionId from, std::string_view text, port::Instant now) override;
  port::Effects on_binary(port::ConnectionId from, std::string_view bytes,
                          port::Instant now) override;
  port::Effects on_close(const port::Closed& closed, port::Instant now) override;

 private:
  port::Effects answer(port::ConnectionId to, std::string_view payload, bool binary);

  std::size_t limit_;
  /// Bytes sent to each connection since its outbox was last known to be empty.
  std::unordered_map<port::ConnectionId, std::size_t> sent_;
};

}  // namespace signaller::echo
