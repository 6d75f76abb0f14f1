// What a client says comes back as it was: for conformance suites, mounted nowhere by default.
#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "port/protocol.hpp"

namespace signaller::echo {

/// Text comes back as text and binary as binary, in order, at the pace at which the client reads:
/// nothing is counted against it, and the bounds of an outbox are never what ends it.
class EchoProtocol final : public port::Protocol {
 public:
  /// What `paths` in server.conf says.
  static constexpr std::string_view Name = "echo";
  /// Public suites send messages of 16 MiB.
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
  /// Bytes that each connection was sent since it was last known to have read all.
  std::unordered_map<port::ConnectionId, std::size_t> sent_;
};

}  // namespace signaller::echo
