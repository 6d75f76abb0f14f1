// RFC 6455 §5.1 to §5.3, §5.6 and §5.7: single frames.
#include <algorithm>
#include <cstdlib>

#include "tests/rfc6455/suite.hpp"

namespace signaller::net {
namespace {

using Framing = Rfc6455;

constexpr unsigned Opcodes[] = {op::Continuation, op::Text, op::Binary,
                                op::Close,        op::Ping, op::Pong};

std::string any_bytes(std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>(i * 7 + i / 256);
  return out;
}

TEST_P(Framing, S5_1_AnUnmaskedFrameEndsTheConnection) {
  for (const unsigned opcode : Opcodes) {
    SCOPED_TRACE(opcode);
    says(Framed(opcode, "hi").unmasked(), Breach);
    says(Framed(opcode, "").unmasked(), Breach);
    says(all({text("first"), Framed(opcode, std::string(1'000, 'x')).unmasked()}),
         {"text first", "close 1002", "eof"});
  }
}

TEST_P(Framing, S5_1_TheServerSendsUnmaskedFramesWithTheShortestLength) {
  for (const std::size_t size :
       {0UL, 1UL, 124UL, 125UL, 126UL, 127UL, 65'534UL, 65'535UL, 65'536UL, 200'000UL}) {
    SCOPED_TRACE(size);
    // Peer::hear() checks the form of each frame.
    const std::string bytes = any_bytes(size);
    says(binary(bytes), {word("binary", bytes)});
    const std::string letters(size, 'x');
    says(text(letters), {word("text", letters)});
  }
}

TEST_P(Framing, S5_2_AReservedBitEndsTheConnection) {
  for (unsigned bits = 1; bits < 8; ++bits) {
    for (const unsigned opcode : Opcodes) {
      SCOPED_TRACE(std::to_string(bits) + " on " + std::to_string(opcode));
      says(Framed(opcode, "x").reserved(bits), Breach);
      says(all({first("a"), Framed(opcode, "").reserved(bits)}), Breach);
    }
  }
}

TEST_P(Framing, S5_2_AReservedOpcodeEndsTheConnection) {
  for (const unsigned opcode : {3U, 4U, 5U, 6U, 7U, 11U, 12U, 13U, 14U, 15U}) {
    SCOPED_TRACE(opcode);
    says(Framed(opcode, ""), Breach);
    says(Framed(opcode, "payload"), Breach);
    says(Framed(opcode, "x").unfinished(), Breach);
    says(all({first("a"), Framed(opcode, "x"), last("b")}), Breach);
    says(all({text("before"), Framed(opcode, "x"), ping("")}),
         {"text before", "close 1002", "eof"});
  }
}

TEST_P(Framing, S5_2_ALengthMustHaveItsShortestForm) {
  for (const std::size_t size : {0UL, 1UL, 125UL}) {
    says(text(std::string(size, 'x')).length_in(2), Breach);
    says(binary(std::string(size, 'x')).length_in(8), Breach);
    says(ping(std::string(size, 'x')).length_in(2), Breach);
    says(all({first("a"), last(std::string(size, 'x')).length_in(2)}), Breach);
  }
  for (const std::size_t size : {126UL, 1'000UL, 65'535UL}) {
    says(text(std::string(size, 'x')).length_in(8), Breach);
    says(all({first("a"), last(std::string(size, 'x')).length_in(8)}), Breach);
  }
}

TEST_P(Framing, S5_2_ALengthOf64BitsMustBeginWithAZeroBit) {
  for (const std::uint64_t length : {1ULL << 63U, ~0ULL, ~0ULL - 100, (1ULL << 63U) + 5}) {
    SCOPED_TRACE(length);
    for (const unsigned opcode : {op::Text, op::Binary}) {
      says(Framed(opcode, "hello").claims(length), Breach);
    }
    says(all({first("hello"), next("x").claims(length)}), Breach);
  }
}

TEST_P(Framing, S5_3_FramesOfEveryLengthAreUnmasked) {
  const std::string keys[] = {std::string(4, '\0'), "\xff\xff\xff\xff", "\x37\xfa\x21\x3d", "wxyz"};
  for (const std::string& key : keys) {
    std::string frames;
    Words answers;
    for (std::size_t size = 0; size <= 40; ++size) {
      const std::string bytes = any_bytes(size);
      frames += binary(bytes).key(key);
      answers.push_back(word("binary", bytes));
    }
    says(frames, answers);
  }
}

TEST_P(Framing, S5_3_EachFrameMayHaveAnotherMask) {
  says(all({first("abcde").key("1234"), ping("!").key("zzzz"),
            next("fghijkl").key("\x01\x02\x03\x04"), last("mno").key(std::string(4, '\0'))}),
       {"pong !", "text abcdefghijklmno"});
}

TEST_P(Framing, S5_6_TextComesBackAsTextAndBinaryAsBinary) {
  std::string bytes(256, '\0');
  for (std::size_t i = 0; i < 256; ++i) bytes[i] = static_cast<char>(i);
  says(all({text("a"), binary("a"), text(""), binary(""), binary(bytes)}),
       {"text a", "binary a", "text", "binary", word("binary", bytes)});
  says(all({first("te"), last("xt"), Framed(op::Binary, "\xff").unfinished(), last("\xfe")}),
       {"text text", "binary \xff\xfe"});
}

TEST_P(Framing, S5_7_TheExamplesAreAccepted) {
  says(hex("81 85 37fa213d 7f9f4d5158"), {"text Hello"});
  says(hex("01 83 37fa213d 7f9f4d 80 82 00000000 6c6f"), {"text Hello"});
  says(hex("89 85 37fa213d 7f9f4d5158"), {"pong Hello"});
  const auto exactly = [this](const std::string& bytes, const std::string& answer) {
    const auto peer = open();
    peer->put(bytes);
    EXPECT_EQ(peer->take(answer.size()), answer);
  };
  exactly(text("Hello"), hex("81 05 48656c6c6f"));
  exactly(ping("Hello"), hex("8a 05 48656c6c6f"));
  exactly(binary(any_bytes(256)), hex("82 7e 0100") + any_bytes(256));
  exactly(binary(any_bytes(65'536)), hex("82 7f 0000000000010000") + any_bytes(65'536));
}

TEST_P(Framing, S5_2_AFrameMayBeCutAnywhere) {
  says_cut_anywhere(text("Hello"), {"text Hello"});
  says_cut_anywhere(binary(any_bytes(130)), {word("binary", any_bytes(130))});
  says_cut_anywhere(all({first("He"), ping("p"), last("llo")}), {"pong p", "text Hello"});
  says_cut_anywhere(close(1001, "going"), {"close 1001", "eof"});
  says_cut_anywhere(text("x").reserved(4), Breach);
}

INSTANTIATE_TEST_SUITE_P(Rfc6455, Framing, Ways, name_of);

}  // namespace
}  // namespace signaller::net
