// The PROXY protocol, versions 1 and 2: what a proxy says of the client before the client's own
// bytes (haproxy's doc/proxy-protocol.txt).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "port/address.hpp"

namespace signaller::net {

/// What is known of a header from its first bytes. No bytes are kept: as long as more are needed,
/// all that were shown belong to the header, and what follows it never does.
struct ProxyHeader {
  enum class Progress : std::uint8_t { NeedsMore, Ready, Failed };

  /// Of the text form with its CRLF (§2.1), and of the binary form: 16 bytes, the addresses and
  /// what a proxy may add to them (TLVs), for which the specification promises no bound. What
  /// haproxy adds at most (certificate's name, ALPN, unique id, authority) fits by far.
  static constexpr std::size_t MostText = 107;
  static constexpr std::size_t MostBinary = 16 + 536;

  Progress progress = Progress::NeedsMore;
  std::size_t length = 0;  ///< after Ready: bytes of the header
  /// After Ready: where the client is; nothing for LOCAL and UNKNOWN, when the proxy speaks for
  /// itself or for somebody who has no IP address.
  std::optional<port::AddressRange> source;
  std::uint16_t port = 0;    ///< the client's, if there is a source
  std::string_view problem;  ///< after Failed: a sentence without its end

  /// @param bytes  all that the connection has said so far, or its beginning of at least MostBinary
  static ProxyHeader read(std::string_view bytes);
};

}  // namespace signaller::net
