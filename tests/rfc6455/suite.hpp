// The conformance suite's server, and the ways in which each case is delivered to it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "echo/echo_protocol.hpp"
#include "net/server.hpp"
#include "tests/net/room_protocol.hpp"
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

/// The real edge with `echo` under /echo, and under / a protocol that closes when it is asked to.
class Rfc6455 : public testing::TestWithParam<Way> {
 protected:
  static constexpr std::size_t Limit = 200'000;  ///< bytes of a message to /echo
  static constexpr std::chrono::milliseconds CloseTimeout{1'000};

  void SetUp() override;
  void TearDown() override;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// A connection on which nothing has been said.
  [[nodiscard]] std::unique_ptr<Peer> connect(int receive_bytes = 0) const;
  /// A connection whose handshake is over.
  [[nodiscard]] std::unique_ptr<Peer> open(const std::string& path = "/echo",
                                           int receive_bytes = 0) const;
  /// The bytes, to /echo, are answered so and not otherwise. If nothing ends the connection, it is
  /// then shown to be well: a ping is answered and a close frame, too. Each case is delivered in
  /// one packet, one byte at a time, behind the request in its packet, and without a socket cut at
  /// each place.
  void says(const std::string& bytes, const Words& answers) const;
  /// As says(), once for each place at which the bytes can be cut into two packets.
  void says_cut_anywhere(const std::string& bytes, const Words& answers) const;
  /// The answers are so, and the connection is well, or over if the last one is `eof`.
  static void hears(Peer& peer, const Words& answers);

  /// A handshake with these headers beside Host.
  static std::string request(const std::string& path, const std::string& headers);
  static std::string handshake(const std::string& path = "/echo");

  std::unique_ptr<echo::EchoProtocol> echo_ = std::make_unique<echo::EchoProtocol>(Limit);

 private:
  TlsFolder folder_;
  RoomProtocol room_;
  std::unique_ptr<Server> server_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

/// What the key of handshake() is answered with (RFC 6455 §1.3).
inline const std::string SampleKey = "dGhlIHNhbXBsZSBub25jZQ==";
inline const std::string SampleAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// What comes of a breach of the protocol.
inline const Words Breach = {"close 1002", "eof"};
inline const Words NoUtf8 = {"close 1007", "eof"};
inline const Words TooBig = {"close 1009", "eof"};

}  // namespace signaller::net
