// The server of the conformance suite, and the ways in which each case is sent to this server.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "echo/echo_protocol.hpp"
#include "tests/net/room_protocol.hpp"
#include "tests/net/server_thread.hpp"
#include "tests/net/tls_files.hpp"
#include "tests/rfc6455/peer.hpp"
#include "tests/rfc6455/wire.hpp"

namespace signaller::net {

using Words = std::vector<std::string>;

struct Way {
  bool secure;
  std::size_t shards;
  bool core_thread;
};
inline const auto Ways =
    testing::Values(Way{false, 1, false}, Way{false, 2, true}, Way{true, 1, false});
inline std::string name_of(const testing::TestParamInfo<Way>& way) {
  return std::string(way.param.secure ? "tls" : "plain") +
         (way.param.core_thread ? "_core_thread" : "");
}

/// The real edge with the echo protocol under /echo, and under / a protocol that closes on request.
class Rfc6455 : public testing::TestWithParam<Way>, private ServerThread {
 protected:
  static constexpr std::size_t Limit = 200'000;  ///< bytes of a message to /echo
  static constexpr std::chrono::milliseconds CloseTimeout{1'000};

  void SetUp() override;
  void TearDown() override;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Opens a connection without a request.
  [[nodiscard]] std::unique_ptr<Peer> connect(int receive_bytes = 0) const;
  /// Opens a connection and completes its handshake.
  [[nodiscard]] std::unique_ptr<Peer> open(const std::string& path = "/echo",
                                           int receive_bytes = 0) const;
  /// Sends the bytes to /echo and expects exactly these answers. If the connection is still open,
  /// a ping and a close frame must be answered, too. Sends each case in four ways: in one packet,
  /// one byte at a time, in the packet of the request, and without a socket in two pieces, cut at
  /// each place.
  void says(const std::string& bytes, const Words& answers) const;
  /// As says(), once for each place at which the bytes can be cut into two packets.
  void says_cut_anywhere(const std::string& bytes, const Words& answers) const;
  /// Expects exactly these answers; then checks that the connection still works, unless the last
  /// answer is `eof`.
  static void hears(Peer& peer, const Words& answers);

  /// Returns a request with Host and these headers.
  static std::string request(const std::string& path, const std::string& headers);
  static std::string handshake(const std::string& path = "/echo");

  std::unique_ptr<echo::EchoProtocol> echo_ = std::make_unique<echo::EchoProtocol>(Limit);

 private:
  TlsFolder folder_;
  RoomProtocol room_;
};

/// The key in handshake(), and the accept value for it (RFC 6455 §1.3).
inline const std::string SampleKey = "dGhlIHNhbXBsZSBub25jZQ==";
inline const std::string SampleAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// The answers to errors of a client: to a breach of the protocol, to invalid UTF-8, and to a
/// message that is too long.
inline const Words Breach = {"close 1002", "eof"};
inline const Words NoUtf8 = {"close 1007", "eof"};
inline const Words TooBig = {"close 1009", "eof"};

}  // namespace signaller::net
