#include "attack_kinds.hpp"

#include <array>

#include "websocket_frame.hpp"

namespace signaller::bench {
namespace {

constexpr std::size_t FragmentSize = 8'000;
constexpr std::size_t FragmentsHeld = 32;  // 256,000 bytes in all, just below limits.frame
constexpr std::size_t GiantPiece = 60'000;
constexpr std::size_t GiantPieces = 500;  // 30 MB in all
constexpr std::size_t BusyText = 2'048;
constexpr std::size_t PingsAtOnce = 20;
constexpr std::size_t LongestControl = 125;

void say(std::string& out, std::string_view line) {
  append_masked(out, Opcode::Text, line);
}

/// Appends a masked frame with any first byte, valid or not.
void frame(std::string& out, unsigned first, std::string_view payload) {
  const std::size_t begin = out.size();
  append_masked(out, Opcode::Text, payload);
  out[begin] = static_cast<char>(first);
}

void nothing(const AttackStep& /*attack*/, std::string& /*out*/) {}

void trickle_headers(const AttackStep& attack, std::string& out) {
  if (attack.step == 0) out += "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  out += "X-" + std::to_string(attack.step) + ": a\r\n";
}

/// Joins #bench, where the well-behaved clients are (registration.cpp), and #loud, a busy channel.
void join_and_stop_reading(const AttackStep& attack, std::string& out) {
  if (attack.step > 0) return;
  say(out, "/join #bench");
  say(out, "/join #loud");
}

void talk_in_busy_channel(const AttackStep& attack, std::string& out) {
  static const std::string text(BusyText, 'x');
  say(out, attack.step == 0 ? "/join #loud" : "/pubmsg #loud " + text);
}

void join_another(const AttackStep& attack, std::string& out) {
  say(out, "/join #flood-" + std::to_string(attack.number) + "-" +
               std::to_string(attack.connection) + "-" + std::to_string(attack.step));
}

void ping(const AttackStep& /*attack*/, std::string& out) {
  static const std::string payload(LongestControl, 'p');
  for (std::size_t i = 0; i < PingsAtOnce; ++i) append_masked(out, Opcode::Ping, payload);
}

void hold_fragments(const AttackStep& attack, std::string& out) {
  static const std::string piece(FragmentSize, 'f');
  if (attack.step < FragmentsHeld) frame(out, attack.step == 0 ? 0x01 : 0x00, piece);
}

void send_fragments(const AttackStep& attack, std::string& out) {
  static const std::string piece(GiantPiece, 'g');
  if (attack.step < GiantPieces) frame(out, attack.step == 0 ? 0x01 : 0x00, piece);
}

void guess_password(const AttackStep& attack, std::string& out) {
  say(out, "/oper root wrong-" + std::to_string(attack.number) + "-" + std::to_string(attack.step));
}

std::string noise(const AttackStep& attack, std::size_t most) {
  std::string bytes(1 + attack.random() % most, '\0');
  for (char& byte : bytes) byte = static_cast<char>(attack.random() & 0xffU);
  return bytes;
}

using Garbage = void (*)(const AttackStep& attack, std::string& out);

constexpr std::array<Garbage, 10> Garbages{
    [](const AttackStep& attack, std::string& out) { out += noise(attack, 1'024); },
    // A text message that is not UTF-8.
    [](const AttackStep& attack, std::string& out) { frame(out, 0x81, noise(attack, 512)); },
    // A binary message.
    [](const AttackStep& attack, std::string& out) { frame(out, 0x82, noise(attack, 512)); },
    [](const AttackStep&, std::string& out) { frame(out, 0xf1, "reserved bits"); },
    [](const AttackStep&, std::string& out) { frame(out, 0x83, "a reserved opcode"); },
    [](const AttackStep&, std::string& out) { frame(out, 0x09, "a ping in fragments"); },
    [](const AttackStep&, std::string& out) { frame(out, 0x80, "goes on with nothing"); },
    [](const AttackStep&, std::string& out) { append_frame(out, Opcode::Text, "not masked"); },
    [](const AttackStep&, std::string& out) {
      frame(out, 0x89, std::string(LongestControl + 1, 'p'));
    },
    [](const AttackStep&, std::string& out) {
      out += "\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff....";
    },
};

void send_garbage(const AttackStep& attack, std::string& out) {
  Garbages[attack.random() % Garbages.size()](attack, out);
}

}  // namespace

const std::vector<AttackKind>& kinds() {
  using M = Prologue;
  static const std::vector<AttackKind> all{
      {"slow_handshakes", "send one header each half second", 1'000, 50, M::None, false, 0.5, 0.5,
       trickle_headers},
      {"deaf", "never read, in #bench and in a busy channel", 1'000, 50, M::Described, true, 60, 2,
       join_and_stop_reading},
      {"loud", "send 2 KiB each half second to the busy channel", 20, 5, M::Described, false, 0.5,
       2, talk_in_busy_channel},
      {BannedKind, "connect from a banned network", 100, 1, M::WebSocket, false, 60, 0.1, nothing},
      {"crowds", "1,500 connections from one address; 1,000 are allowed", 1'500, 1'500,
       M::WebSocket, false, 60, 0.5, nothing},
      {"garbage", "send invalid bytes and frames", 100, 10, M::WebSocket, false, 0.05, 0.2,
       send_garbage},
      {"joins", "join 100 new channels a second", 100, 10, M::Described, false, 0.01, 1,
       join_another},
      {"pings", "send 400 pings a second and never read", 100, 10, M::Described, true, 0.05, 1,
       ping},
      {"fragments", "send 256 KB of a message and never finish it", 400, 20, M::Described, false,
       0.05, 1, hold_fragments},
      {"giants", "send a message of 30 MB in fragments", 20, 5, M::Described, false, 0.02, 1,
       send_fragments},
      {"opers", "send five wrong /oper a second", 40, 4, M::Described, false, 0.2, 1,
       guess_password},
  };
  return all;
}

std::uint32_t network_of(const AttackKind& kind) {
  constexpr std::uint32_t Loopback = 127U << 24U;
  return Loopback + (static_cast<std::uint32_t>(&kind - kinds().data() + 1) << 16U);
}

std::uint32_t address_of(const AttackKind& kind, std::size_t number) {
  return network_of(kind) + 1 + static_cast<std::uint32_t>(number / kind.of_address);
}

}  // namespace signaller::bench
