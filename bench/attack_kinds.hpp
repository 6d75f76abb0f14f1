// The kinds of attackers, a row for each: how many there are, what each sends and how often,
// whether it reads, and how soon it is back when it was closed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace signaller::bench {

/// What an attacker does as anybody does it, before it does what its kind does.
enum class Prologue : std::uint8_t {
  None,       ///< it connects
  WebSocket,  ///< and makes a handshake
  Described,  ///< and says `/descp {}`
};

/// Who does it, and when.
struct AttackStep {
  std::size_t number = 0;        ///< of its kind, from 0
  std::uint64_t connection = 0;  ///< which connection of this attacker's it is, from 0
  std::uint64_t step = 0;        ///< of this connection, from 0
  std::minstd_rand& random;
};

struct AttackKind {
  std::string_view name;
  std::string_view does;       ///< for people
  std::size_t attackers = 0;   ///< at scale 1
  std::size_t of_address = 1;  ///< so many share an address
  Prologue prologue = Prologue::Described;
  bool never_reads = false;  ///< never reads once the handshake is done
  double pace_s = 1;         ///< from a step to the next
  double pause_s = 1;        ///< from its end until it comes again
  /// Appends what it sends next.
  void (*step)(const AttackStep& attack, std::string& out) = nullptr;
};

const std::vector<AttackKind>& kinds();

/// Each kind has a network of its own, 127.N.0.0/16: limits by address hit nobody else.
std::uint32_t network_of(const AttackKind& kind);
std::uint32_t address_of(const AttackKind& kind, std::size_t number);

/// The kind whose network an operator has to ban before it comes.
constexpr std::string_view BannedKind = "banned";

}  // namespace signaller::bench
