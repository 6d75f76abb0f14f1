// The modes of a channel (docs/protocol.rst, "/mode"), from the one table modes.def.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaller::irc {

/// A flag is on or off; a number is set or not. The token is not here: ChannelState holds it.
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
  bool Modes::*flag;                            ///< of a flag, else null
  std::optional<std::uint32_t> Modes::*number;  ///< of a number, else null
  std::uint32_t least;                          ///< of a number
  std::uint32_t most;                           ///< of a number; bytes of a token
  std::string_view value;                       ///< describes the value; empty for a flag
};

/// The mode of a letter; null: there is none. Ranks and mutes are no modes of the channel.
const ModeInfo* find_mode(char letter);

/// The letter of a mute in MODE lines. Ranks: see mode_letter.
constexpr char MuteLetter =
#define MUTE_MODE(letter) #letter[0]
#include "irc/modes.def"
    ;

/// The channel modes that 004 names: the token's and those of ranks.
constexpr std::string_view ServerInfoModes =
#define TOKEN_MODE(letter, ...) #letter
#define RANK_MODE(letter, rank) #letter
#include "irc/modes.def"
    ;

/// `+HSikl 5 10 50`: the letters in ASCII order, then the values of the numbers in the same order.
/// Empty: no mode is set. `has_token` adds the token's letter, never its value.
std::string modes_text(const Modes& modes, bool has_token);
/// The inverse of modes_text; ignores the token's letter. Nothing if the text is malformed. A
/// number below its least value counts as not set.
std::optional<Modes> parse_modes(std::string_view text);

}  // namespace signaller::irc
