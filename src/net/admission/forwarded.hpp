// X-Forwarded-For: the header in which a trusted proxy names its client.
#pragma once

#include <optional>
#include <string_view>

#include "net/admission/networks.hpp"
#include "port/address.hpp"

namespace signaller::net {

/// Returns the client behind trusted proxies. Each proxy appends the address of its own peer at the
/// right end. So the list is read from the right, and entries to the left of the first address that
/// is no trusted proxy are ignored: a client may have invented them. An entry that cannot be parsed
/// ends the search at the last trusted proxy.
/// @param peer     the address of the socket: a trusted proxy
/// @param header   the values of all header lines, in order, joined by commas; addresses may have
/// ports and brackets: `192.0.2.7:1234`, `[2001:db8::1]:1234`
/// @param trusted  the trusted proxies
port::AddressRange forwarded_for(const port::AddressRange& peer, std::string_view header,
                                 const Networks& trusted);

/// Parses one entry of X-Forwarded-For, without spaces around it.
std::optional<port::AddressRange> read_hop(std::string_view text);

}  // namespace signaller::net
