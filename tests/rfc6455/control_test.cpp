// RFC 6455 §5.5: control frames except Close.
#include "tests/rfc6455/suite.hpp"

namespace signaller::net {
namespace {

using Control = Rfc6455;

TEST_P(Control, S5_5_FramesHaveAtMost125Bytes) {
  const std::string most(125, 'x');
  says(ping(most), {word("pong", most)});
  says(Framed(op::Pong, most), {});
  says(close(1000, std::string(123, 'x')), {"close 1000", "eof"});
  for (const unsigned opcode : {op::Ping, op::Pong, op::Close}) {
    SCOPED_TRACE(opcode);
    says(Framed(opcode, std::string(126, 'x')), Breach);
    says(Framed(opcode, std::string(65'536, 'x')), Breach);
    says(Framed(opcode, "").claims(126), Breach);  // the header alone shows the breach
    says(Framed(opcode, "").claims(1ULL << 40U), Breach);
  }
}

TEST_P(Control, S5_5_FramesAreNotFragmented) {
  for (const unsigned opcode : {op::Ping, op::Pong, op::Close}) {
    SCOPED_TRACE(opcode);
    says(Framed(opcode, "x").unfinished(), Breach);
    says(Framed(opcode, "").unfinished(), Breach);
    says(all({first("a"), Framed(opcode, "").unfinished(), last("b")}), Breach);
  }
}

TEST_P(Control, S5_5_2_APingIsAnsweredWithItsBytes) {
  says(ping(""), {"pong"});
  says(ping("hello"), {"pong hello"});
  const std::string bytes = hex("00 ff fe fd fc fb 00 0d 0a 80");
  says(ping(bytes), {word("pong", bytes)});
}

TEST_P(Control, S5_5_2_PingsAreAnsweredInOrder) {
  std::string bytes;
  Words answers;
  for (int i = 0; i < 100; ++i) {
    bytes += ping(std::to_string(i));
    answers.push_back("pong " + std::to_string(i));
  }
  says(bytes, answers);
}

TEST_P(Control, S5_5_2_NoPingIsAnsweredAfterTheClientsClose) {
  says(all({ping("before"), close(1000), ping("after")}), {"pong before", "close 1000", "eof"});
}

TEST_P(Control, S5_5_3_AnUnsolicitedPongIsNotAnswered) {
  const auto pong = [](std::string_view payload) { return Framed(op::Pong, payload); };
  says(all({pong(""), pong("x"), pong(std::string(125, 'y'))}), {});
  says(all({pong("x"), text("a"), pong("x"), ping("p"), pong("p")}), {"text a", "pong p"});
}

INSTANTIATE_TEST_SUITE_P(Rfc6455, Control, Ways, name_of);

}  // namespace
}  // namespace signaller::net
