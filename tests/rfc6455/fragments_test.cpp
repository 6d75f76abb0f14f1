// RFC 6455 §5.4: messages in several frames.
#include "tests/rfc6455/suite.hpp"

namespace signaller::net {
namespace {

using Fragments = Rfc6455;

TEST_P(Fragments, S5_4_FormOneMessage) {
  says(all({first("a"), last("b")}), {"text ab"});
  says(all({first("a"), next("b"), next("c"), last("d")}), {"text abcd"});
  says(all({binary("a").unfinished(), next("b"), last("c")}), {"binary abc"});
  says(all({first("a"), last("b"), text("c"), first("d"), last("e")}),
       {"text ab", "text c", "text de"});
  const std::string large(60'000, 'x');
  says(all({first(large), next(large), last(large)}), {word("text", large + large + large)});
}

TEST_P(Fragments, S5_4_MayBeEmpty) {
  says(all({first(""), last("")}), {"text"});
  says(all({first(""), next(""), next(""), last("")}), {"text"});
  says(all({first(""), next("mid"), last("")}), {"text mid"});
  says(all({first("a"), next(""), last("b")}), {"text ab"});
  says(all({binary("").unfinished(), last("x")}), {"binary x"});
}

TEST_P(Fragments, S5_4_MayBeAHundredThousand) {
  constexpr std::size_t Count = 100'000;
  const std::string one = next("x");
  std::string bytes = first("x");
  bytes.reserve(Count * one.size() + bytes.size());
  for (std::size_t i = 2; i < Count; ++i) bytes += one;
  bytes += last("x");
  says(bytes, {word("text", std::string(Count, 'x'))});
}

TEST_P(Fragments, S5_4_MayHaveControlFramesBetweenThem) {
  says(all({first("a"), ping("1"), next("b"), ping("2"), last("c")}),
       {"pong 1", "pong 2", "text abc"});
  says(all({first(""), ping(""), Framed(op::Pong, "unasked"), last("")}), {"pong", "text"});
  says(all({binary("a").unfinished(), ping("1"), ping("2"), last("b"), ping("3")}),
       {"pong 1", "pong 2", "binary ab", "pong 3"});
  says(all({first("a"), close(1000), last("b")}), {"close 1000", "eof"});
}

TEST_P(Fragments, S5_4_NeedAFirstFragment) {
  says(last("x"), Breach);
  says(next("x"), Breach);
  says(last(""), Breach);
  says(all({text("whole"), last("x")}), {"text whole", "close 1002", "eof"});
  says(all({first("a"), last("b"), last("c")}), {"text ab", "close 1002", "eof"});
  says(all({ping(""), last("x")}), {"pong", "close 1002", "eof"});
}

TEST_P(Fragments, S5_4_MayHaveNoOtherMessageBetweenThem) {
  says(all({first("a"), text("b")}), Breach);
  says(all({first("a"), binary("b")}), Breach);
  says(all({first("a"), first("b")}), Breach);
  says(all({first(""), text("")}), Breach);
  says(all({binary("a").unfinished(), next("b"), text("c")}), Breach);
  says(all({first("a"), ping(""), text("b"), last("c")}), {"pong", "close 1002", "eof"});
}

INSTANTIATE_TEST_SUITE_P(Rfc6455, Fragments, Ways, name_of);

}  // namespace
}  // namespace signaller::net
