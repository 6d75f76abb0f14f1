// Parses single values from the store. A function returns nothing or false for a value that the
// server never writes.
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

/// Whether the text is valid in a line: UTF-8 without forbidden control characters.
bool is_showable(std::string_view text);
/// Whether the text is valid as a name: as is_showable, and without formatting codes.
bool is_plain(std::string_view text);
/// Whether the text is empty or a JSON object in one line.
bool is_object(std::string_view json);

/// The first 100 bytes, escaped so that they are safe for a log.
std::string shown(std::string_view name);

}  // namespace signaller::irc
