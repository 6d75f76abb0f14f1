// X-Forwarded-For: whom a proxy says that it speaks for.
#pragma once

#include <optional>
#include <string_view>

#include "net/admission/networks.hpp"
#include "port/address.hpp"

namespace signaller::net {

/// The client behind trusted proxies. Each of them has added, at the right end, who it was
/// connected from: so the list is read from the right, and what stands left of the first address
/// that is no trusted proxy may be invented. If it says nonsense, the last trusted hop before it is
/// the answer: nobody gains an address by sending one that cannot be read.
/// @param peer     who is connected: a trusted proxy
/// @param header   the values of all lines of that name, in their order, joined by commas; its
///                 addresses may have ports and brackets: `192.0.2.7:1234`, `[2001:db8::1]:1234`
/// @param trusted  the proxies
port::AddressRange forwarded_for(const port::AddressRange& peer, std::string_view header,
                                 const Networks& trusted);

/// One entry of such a list, without spaces around it.
std::optional<port::AddressRange> read_hop(std::string_view text);

}  // namespace signaller::net
