// The PROXY protocol, versions 1 and 2: a header before the client's own bytes, in which a proxy
// names the client (haproxy's doc/proxy-protocol.txt).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "port/address.hpp"

namespace signaller::net {

/// The result of reading the first bytes of a connection. While more bytes are needed, all bytes
/// read so far belong to the header. The result holds no reference to the bytes.
struct ProxyHeader {
  enum class Progress : std::uint8_t { NeedsMore, Ready, Failed };

  /// Maximum bytes of the text form, with its CRLF (§2.1).
  static constexpr std::size_t MostText = 107;
  /// Maximum bytes of the binary form: 16 bytes, then addresses and TLVs. The specification has no
  /// bound for TLVs; the TLVs that haproxy adds (name of the certificate, ALPN, unique id,
  /// authority) are far smaller.
  static constexpr std::size_t MostBinary = 16 + 536;

  Progress progress = Progress::NeedsMore;
  std::size_t length = 0;  ///< after Ready: length of the header in bytes
  /// After Ready: the client's address. Nothing for LOCAL and UNKNOWN: the proxy speaks for itself,
  /// or for a client without IP address.
  std::optional<port::AddressRange> source;
  std::uint16_t port = 0;    ///< port of the client, if there is a source
  std::string_view problem;  ///< after Failed: the error, a sentence without full stop

  /// @param bytes  all bytes received so far, or at least the first MostBinary of them
  static ProxyHeader read(std::string_view bytes);
};

}  // namespace signaller::net
