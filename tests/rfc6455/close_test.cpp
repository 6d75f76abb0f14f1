// RFC 6455 §5.5.1 and §7: how connections end.
#include <chrono>

#include "tests/rfc6455/suite.hpp"

namespace signaller::net {
namespace {

using Closing = Rfc6455;

TEST_P(Closing, S5_5_1_TheServerEchoesTheClientsCode) {
  for (const unsigned code : {1000U, 1001U, 1002U, 1003U, 1007U, 1008U, 1009U, 1010U, 1011U, 1012U,
                              1013U, 1014U, 3000U, 3001U, 3999U, 4000U, 4999U}) {
    SCOPED_TRACE(code);
    says(close(code), {"close " + std::to_string(code), "eof"});
    says(close(code, "a reason, \xe4\xbd\xa0\xe5\xa5\xbd"),
         {"close " + std::to_string(code), "eof"});
  }
}

TEST_P(Closing, S5_5_1_ACloseWithoutACodeIsAnsweredWithoutOne) {
  says(Framed(op::Close, ""), {"close", "eof"});
}

TEST_P(Closing, S5_5_1_ACodeOfOneByteIsABreach) {
  says(Framed(op::Close, "\x03"), Breach);
}

TEST_P(Closing, S5_5_1_AReasonIsUtf8) {
  says(close(1000, std::string(123, 'x')), {"close 1000", "eof"});
  for (const char* reason : {"ff", "c3", "e282", "c080", "eda080", "f4908080", "6f6b 80"}) {
    SCOPED_TRACE(reason);
    says(close(1000, hex(reason)), NoUtf8);
  }
}

TEST_P(Closing, S7_4_ForbiddenCodesAreBreaches) {
  for (const unsigned code : {0U, 1U, 500U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 1100U, 2000U,
                              2999U, 5000U, 9999U, 65'535U}) {
    SCOPED_TRACE(code);
    says(close(code), Breach);
    says(close(code, "why"), Breach);
  }
}

TEST_P(Closing, S5_5_1_FramesAfterACloseAreIgnored) {
  says(all({close(1000), text("ghost")}), {"close 1000", "eof"});
  says(all({close(1000), close(1001)}), {"close 1000", "eof"});
  says(all({close(1000), Framed(7, "breach").unmasked()}), {"close 1000", "eof"});
  says(all({close(999), text("ghost"), close(1000)}), Breach);
  says(all({text("before"), close(3000), ping("after")}), {"text before", "close 3000", "eof"});
}

TEST_P(Closing, S7_1_7_FramesAfterABreachAreIgnored) {
  says(all({text("x").reserved(1), text("ghost"), close(1000)}), Breach);
  says(all({text("\xff"), ping(""), close(1000)}), NoUtf8);
}

TEST_P(Closing, S7_1_1_TheServerEndsTheTcpConnectionFirst) {
  const auto peer = open();
  peer->put(close(1000));
  EXPECT_EQ(peer->hear(), "close 1000");
  EXPECT_EQ(peer->hear(), "eof");  // the client has not shut its sending side down
}

TEST_P(Closing, S7_1_2_TheServerMayCloseFirst) {
  const auto peer = open("/");
  peer->put(text("close 3505"));
  EXPECT_EQ(peer->hear(), "close 3505");
  EXPECT_EQ(peer->reason(), "as you wish");
  peer->put(close(3505));
  EXPECT_EQ(peer->hear(), "eof");
}

TEST_P(Closing, S7_1_2_BothSidesMayCloseAtOnce) {
  for (const std::string& theirs :
       {std::string(close(1001)), std::string(Framed(op::Close, "")), std::string(close(999))}) {
    const auto peer = open("/");
    peer->put(all({text("close 3505"), theirs}));
    EXPECT_EQ(peer->hear(), "close 3505");
    EXPECT_EQ(peer->hear(), "eof") << "one close frame is all";
  }
}

TEST_P(Closing, S5_5_1_TheServerSendsNothingAfterItsClose) {
  const auto peer = open("/");
  peer->put(all({text("close 3505"), text("and this?"), text("pub this?")}));
  EXPECT_EQ(peer->hear(), "close 3505");
  // After a Close the server sends no frame, not even a pong: some clients treat any frame after a
  // Close as a protocol error.
  peer->put(all({text("more"), ping("more"), close(3505)}));
  EXPECT_EQ(peer->hear(), "eof");
}

TEST_P(Closing, S7_1_1_AClientThatDoesNotAnswerIsDisconnected) {
  const auto start = std::chrono::steady_clock::now();
  const auto silent = open("/");
  silent->put(text("close 1000"));
  EXPECT_EQ(silent->hear(), "close 1000");
  EXPECT_EQ(silent->hear(), "eof");
  EXPECT_GE(std::chrono::steady_clock::now() - start, CloseTimeout);
}

TEST_P(Closing, S7_2_1_AnEndWithoutACloseFrameEndsTheConnection) {
  for (const std::string& before :
       {std::string(), std::string(text("whole")), std::string(first("begun")),
        std::string(text("cut")).substr(0, 7), std::string(text("cut")).substr(0, 1)}) {
    const auto peer = open();
    peer->put(before);
    peer->shut();
    std::string heard = peer->hear();
    if (before == std::string(text("whole")) && heard == "text whole") heard = peer->hear();
    EXPECT_EQ(heard, "eof");
  }
}

INSTANTIATE_TEST_SUITE_P(Rfc6455, Closing, Ways, name_of);

}  // namespace
}  // namespace signaller::net
