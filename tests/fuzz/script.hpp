// The input of the application target: a text of steps, one step a line, so that seeds, crashes and
// corpora can be read and written by hand.
//
//   set limits.presence=2   sets a key of server.conf; only before the first step
//   set durable             the store outlives the server
//   a> /join #x             a frame; a client that is not connected connects first
//   | /part #x              one more line of that frame
//   a+ 192.0.2.7            connects from this address
//   a! 1006                 closes
//   a~                      stalls: the long replies to a wait until `a.`
//   a?                      lingers: the close of a is reported only at `a,`
//   +5000                   5,000 ms pass
//   w-60000                 the wall clock alone changes by -60,000 ms
//   v s                     the verifier stalls; v g: goes on, v b: is busy, v f: is free
//   s s                     the store stalls; s g: goes on, s f: fails, s w: works, s e: comes back
//                           empty
//   r limits.topic=10       reloads the configuration with this change
//   R limits.topic=10       the next /rehash reloads with this change
//   h /path                 a plain HTTP request
//   x                       the server shuts down; the script ends here
//   d                       the server is killed; another one loads the store
//   D                       the server shuts down in order; another one loads the store
//
// Clients are a to h. In frames `@b` is b's id, `$b` the secret in its last SESSION line, `&b` the
// positions that it knows, in the form of `since`, and {200 x} is x, 200 times. Any text is a
// script: client a sends each line that is no step.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace signaller::fuzz {

constexpr std::string_view ClientLetters = "abcdefgh";

enum class Act : std::uint8_t {
  Set,
  Says,
  Connects,
  Closes,
  Stalls,
  Drains,
  Lingers,
  Goes,
  TimePasses,
  ClockIsSet,
  PasswordVerifier,
  Store,
  Reloads,
  WillReload,
  Gets,
  ShutsDown,
  Dies,
  Restarts,
};

struct Step {
  Act act = Act::Says;
  std::size_t client = 0;  ///< index of its letter
  std::string text;
  std::int64_t number = 0;  ///< milliseconds, or a code
};

/// Returns a few hundred steps at most, because a script of many short lines would be slow.
std::vector<Step> parse_script(std::string_view script);

/// The values that a client has learnt from the server. Scripts may name these values.
struct Learnt {
  std::string secret;
  std::map<std::string, std::string> positions;  ///< `<epoch>:<seq>` by channel; `*`: the inbox
};
using AllLearnt = std::array<Learnt, ClientLetters.size()>;

std::string id_of(std::size_t client);
/// A frame as it is sent: valid UTF-8, with the names of values replaced by the values.
std::string expand(std::string_view text, const AllLearnt& learnt);
/// Learns from SESSION and CHANNEL lines and from the numbers of messages.
void learn(Learnt& learnt, std::string_view line);

}  // namespace signaller::fuzz
