// How single values are read that a store has kept. Nothing in it is believed: what a server never
// writes is nothing, or false.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "irc/channel.hpp"
#include "irc/peer.hpp"
#include "port/keyed_hash.hpp"
#include "port/records.hpp"

namespace signaller::irc {

/// @param hex  64 digits in lower case
std::optional<port::Digest> parse_digest(std::string_view hex);
/// @param hex  8 digits in lower case
std::optional<std::uint32_t> parse_epoch(std::string_view hex);
std::optional<DirectMessages> parse_direct_messages(std::string_view text);
std::optional<Rank> parse_rank(std::string_view sign);
std::optional<Ban> parse_ban(port::BanRecord&& record);

/// Text that may be shown in a line.
bool is_showable(std::string_view text);
/// A name: no formatting either.
bool is_plain(std::string_view text);
/// A JSON object in one line, or nothing.
bool is_object(std::string_view json);

/// Of any bytes what is fit for a log, at most 100 of them.
std::string shown(std::string_view name);

}  // namespace signaller::irc
