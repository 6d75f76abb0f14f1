// The modes of a channel (docs/protocol.rst, "/mode"), from the one table modes.def.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaller::irc {

/// The modes of a channel. A flag is on or off; a number is set or not. The token is not a member:
/// ChannelState holds it.
struct Modes {
#define FLAG_MODE(letter, member, ...) bool member = false;
#define NUMBER_MODE(letter, member, ...) std::optional<std::uint32_t> member;
#include "irc/modes.def"
};
bool operator==(const Modes& a, const Modes& b);

enum class ModeKind : std::uint8_t { Flag, Number, Token };

/// One row of the table.
struct ModeInfo {
  char letter;
  ModeKind kind;
  bool Modes::*flag;                            ///< member of a flag; null for other modes
  std::optional<std::uint32_t> Modes::*number;  ///< member of a number; null for other modes
  std::uint32_t least;                          ///< smallest value of a number
  std::uint32_t most;      ///< largest value of a number; maximum bytes of a token
  std::string_view value;  ///< description of the value; empty for a flag
};

/// The mode with that letter; null: no mode has it. Ranks and mutes are not modes of the channel.
const ModeInfo* find_mode(char letter);

/// The letter of a mute in MODE lines. For ranks see mode_letter.
constexpr char MuteLetter =
#define MUTE_MODE(letter) #letter[0]
#include "irc/modes.def"
    ;

/// The bound on a channel's token, in bytes.
constexpr std::size_t LongestToken =
#define TOKEN_MODE(letter, name, most, ...) most
#include "irc/modes.def"
    ;

/// The channel modes in 004: the token's mode and the modes of ranks.
constexpr std::string_view ServerInfoModes =
#define TOKEN_MODE(letter, ...) #letter
#define RANK_MODE(letter, rank) #letter
#include "irc/modes.def"
    ;

/// `+HSikl 5 10 50`: the letters in ASCII order, then the values of the numbers in the same order.
/// Empty: no mode is set. `has_token` adds the token's letter, never its value.
std::string modes_text(const Modes& modes, bool has_token);
/// The inverse of modes_text; ignores the token's letter. Returns nothing if the text is malformed.
/// A number below its smallest value is ignored.
std::optional<Modes> parse_modes(std::string_view text);

}  // namespace signaller::irc
