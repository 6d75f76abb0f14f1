// The table of attackers: how many there are, what they send and how often, whether they read, and
// when they reconnect after a close.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace signaller::bench {

/// The regular part of a connection, before the attack begins.
enum class Prologue : std::uint8_t {
  None,       ///< only a TCP connection
  WebSocket,  ///< a WebSocket handshake
  Described,  ///< a WebSocket handshake and `/descp {}`
};

/// One step of an attacker.
struct AttackStep {
  std::size_t number = 0;        ///< number of the attacker among those of its kind, from 0
  std::uint64_t connection = 0;  ///< number of this attacker's connection, from 0
  std::uint64_t step = 0;        ///< number of the step on this connection, from 0
  std::minstd_rand& random;
};

struct AttackKind {
  std::string_view name;
  std::string_view does;       ///< description for --help
  std::size_t attackers = 0;   ///< number of attackers at scale 1
  std::size_t of_address = 1;  ///< number of attackers that share an address
  Prologue prologue = Prologue::Described;
  bool never_reads = false;  ///< the attacker stops reading after the handshake
  double pace_s = 1;         ///< seconds between two steps
  double pause_s = 1;        ///< seconds from the end of a connection to the next one
  /// Appends the bytes that the attacker sends next.
  void (*step)(const AttackStep& attack, std::string& out) = nullptr;
};

const std::vector<AttackKind>& kinds();

/// Each kind has its own network 127.N.0.0/16, so that limits by address do not affect other kinds.
std::uint32_t network_of(const AttackKind& kind);
std::uint32_t address_of(const AttackKind& kind, std::size_t number);

/// The kind whose network an operator bans before the attack.
constexpr std::string_view BannedKind = "banned";

}  // namespace signaller::bench
