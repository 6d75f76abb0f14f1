#include "attack_kinds.hpp"

#include <array>

#include "websocket_frame.hpp"

namespace signaller::bench {
namespace {

constexpr std::size_t FragmentSize = 8'000;
constexpr std::size_t FragmentsHeld = 32;  // 256,000 bytes: just below limits.frame
constexpr std::size_t GiantPiece = 60'000;
constexpr std::size_t GiantPieces = 500;  // 30 MB
constexpr std::size_t LoudText = 2'048;
constexpr std::size_t PingsAtOnce = 20;
constexpr std::size_t LongestControl = 125;

void say(std::string& out, std::string_view line) {
  append_masked(out, Opcode::Text, line);
}

/// A masked frame of any first byte, so that it need not be a legal one.
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

/// In the channel of the honest (see registration.cpp) and in one that is loud.
void listen_to_nothing(const AttackStep& attack, std::string& out) {
  if (attack.step > 0) return;
  say(out, "/join #bench");
  say(out, "/join #loud");
}

void be_loud(const AttackStep& attack, std::string& out) {
  static const std::string text(LoudText, 'x');
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
    [](const AttackStep& attack, std::string& out) {
      frame(out, 0x81, noise(attack, 512));
    },  // no UTF-8
    [](const AttackStep& attack, std::string& out) {
      frame(out, 0x82, noise(attack, 512));
    },  // binary
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

void be_garbage(const AttackStep& attack, std::string& out) {
  Garbages[attack.random() % Garbages.size()](attack, out);
}

}  // namespace

const std::vector<AttackKind>& kinds() {
  using M = Prologue;
  static const std::vector<AttackKind> all{
      {"slow_handshakes", "a header each half second", 1'000, 50, M::None, false, 0.5, 0.5,
       trickle_headers},
      {"deaf", "read nothing, in the channel of the honest and in a loud one", 1'000, 50,
       M::Described, true, 60, 2, listen_to_nothing},
      {"loud", "2 KiB each half second to those who do not read", 20, 5, M::Described, false, 0.5,
       2, be_loud},
      {BannedKind, "connect from a banned network", 100, 1, M::WebSocket, false, 60, 0.1, nothing},
      {"crowds", "1,500 of one address, which may have 1,000", 1'500, 1'500, M::WebSocket, false,
       60, 0.5, nothing},
      {"garbage", "bytes that are no frames, or none that may be", 100, 10, M::WebSocket, false,
       0.05, 0.2, be_garbage},
      {"joins", "join another new channel 100 times a second", 100, 10, M::Described, false, 0.01,
       1, join_another},
      {"pings", "400 pings a second, and read no pong", 100, 10, M::Described, true, 0.05, 1, ping},
      {"fragments", "256 KB of a message that they never end", 400, 20, M::Described, false, 0.05,
       1, hold_fragments},
      {"giants", "30 MB of a message in fragments", 20, 5, M::Described, false, 0.02, 1,
       send_fragments},
      {"opers", "five wrong /oper a second", 40, 4, M::Described, false, 0.2, 1, guess_password},
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
