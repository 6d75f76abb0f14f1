// The echoes, and the flow control: a client must read its echoes before the server reads more
// messages.
#include "echo/echo_protocol.hpp"

#include <gtest/gtest.h>

#include <string>

namespace signaller::echo {
namespace {

const port::ConnectionId Ann{0, 0, 1, 1};
const port::ConnectionId Bob{0, 0, 2, 1};

port::Send only_send(const port::Effects& effects) {
  EXPECT_EQ(effects.size(), 1U);
  return std::get<port::Send>(*effects.begin());
}

TEST(EchoProtocol, TextComesBackAsTextAndBinaryAsBinary) {
  EchoProtocol echo;
  EXPECT_TRUE(echo.endpoints().front().binary);
  const port::Send text = only_send(echo.on_text(Ann, "text", {}));
  EXPECT_EQ(text.to, Ann);
  EXPECT_EQ(text.text, "text");
  EXPECT_FALSE(text.binary);
  const port::Send binary = only_send(echo.on_binary(Ann, std::string("\0\xff", 2), {}));
  EXPECT_EQ(binary.text, std::string("\0\xff", 2));
  EXPECT_TRUE(binary.binary);
}

TEST(EchoProtocol, SendsNoFrameLimit) {
  EchoProtocol echo(1000);
  EXPECT_EQ(echo.first_frame_limit(), 1000U);
  EXPECT_TRUE(echo.on_open({Ann, "::1", "/echo", ""}, {}).empty());
  EXPECT_GT(EchoProtocol().first_frame_limit(), 16U * 1024 * 1024);
}

TEST(EchoProtocol, ReadsAClientOnlyAsFastAsItReads) {
  EchoProtocol echo;
  EXPECT_TRUE(only_send(echo.on_text(Ann, std::string(1'000'000, 'x'), {})).more);
  EXPECT_FALSE(only_send(echo.on_text(Ann, "x", {})).more);
  std::size_t unread = 0;
  for (int i = 0; i < 10'000; ++i) {  // empty messages count as well
    ++unread;
    if (only_send(echo.on_binary(Bob, "", {})).more) unread = 0;
    ASSERT_LT(unread, 1000U);
  }
}

}  // namespace
}  // namespace signaller::echo
