// RFC 6455 §10.4: a server bounds the size of messages. Also tests large messages that it accepts.
#include <algorithm>

#include "tests/rfc6455/suite.hpp"

namespace signaller::net {
namespace {

using Limits = Rfc6455;

TEST_P(Limits, S10_4_AMessageMayBeAsLargeAsTheLimitAndNoLarger) {
  const std::string most(Limit, 'x');
  says(text(most), {word("text", most)});
  says(binary(most), {word("binary", most)});
  says(text(most + "x"), TooBig);
  says(binary(most + "x"), TooBig);
}

TEST_P(Limits, S10_4_AllFragmentsCountTogether) {
  const std::string half(Limit / 2, 'x');
  says(all({first(half), last(half)}), {word("text", half + half)});
  says(all({first(half), next(half), last("x")}), TooBig);
  says(all({first(half), next(half), next(""), last("")}), {word("text", half + half)});
  says(all({first("x"), next(half), last(half)}), TooBig);
}

TEST_P(Limits, S10_4_AFrameThatIsTooLargeIsRefusedAtItsHeader) {
  constexpr std::uint64_t Largest = (1ULL << 63U) - 1;
  for (const std::uint64_t length : {std::uint64_t{Limit} + 1, std::uint64_t{1} << 32U, Largest}) {
    SCOPED_TRACE(length);
    says(text("").claims(length), TooBig);
    says(all({first("abc"), last("").claims(length)}), TooBig);
    says(all({first("abc"), next("").claims(length - 3)}), TooBig);
  }
}

TEST_P(Limits, S5_2_AMessageOf16MiBIsEchoedThoughTheOutboxIsSmaller) {
  TearDown();
  echo_ = std::make_unique<echo::EchoProtocol>();
  SetUp();
  const std::string large(16UL * 1024 * 1024, 'x');
  ASSERT_GT(large.size(), OutboxLimits{}.all);
  for (const bool fragmented : {false, true}) {
    const auto peer = open("/echo", 64 * 1024);
    if (fragmented) {
      peer->put(std::string(first(large.substr(0, 10'000'000))));
      peer->put(std::string(last(large.substr(10'000'000))));
    } else {
      peer->put(std::string(binary(large)));
    }
    // When these messages arrive, the server has not sent its whole answer to the large message
    // yet. It answers them after that.
    peer->put(all({text("next"), ping("p")}));
    EXPECT_EQ(peer->hear(), word(fragmented ? "text" : "binary", large));
    Words rest{peer->hear(), peer->hear()};
    std::sort(rest.begin(), rest.end());  // sorted, because a pong may overtake messages
    EXPECT_EQ(rest, (Words{"pong p", "text next"}));
    hears(*peer, {});
  }
}

INSTANTIATE_TEST_SUITE_P(Rfc6455, Limits, Ways, name_of);

}  // namespace
}  // namespace signaller::net
