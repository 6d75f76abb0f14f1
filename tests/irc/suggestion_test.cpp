#include "irc/text/suggestion.hpp"

#include <gtest/gtest.h>

namespace signaller::irc {
namespace {

TEST(Suggestion, NamesTheKnownNameThatWasMeant) {
  const std::vector<std::string> keys{"limits.line", "limits.lines_held", "operator",
                                      "tls.certificate"};
  EXPECT_EQ(unknown_name("key", "limits.lin", keys),
            "there is no key 'limits.lin'; did you mean 'limits.line'?");
  EXPECT_EQ(unknown_name("key", "limit.line", keys),
            "there is no key 'limit.line'; did you mean 'limits.line'?");
  EXPECT_EQ(unknown_name("key", "tls.cert", keys),
            "there is no key 'tls.cert'; did you mean 'tls.certificate'?");
  EXPECT_EQ(unknown_name("key", "oprator", keys),
            "there is no key 'oprator'; did you mean 'operator'?");
}

TEST(Suggestion, NamesNothingThatWouldMislead) {
  const std::vector<std::string> keys{"limits.line", "operator"};
  EXPECT_EQ(unknown_name("key", "foo.bar", keys), "there is no key 'foo.bar'");
  EXPECT_EQ(unknown_name("key", "", keys), "there is no key ''");
  EXPECT_EQ(unknown_name("variable", "SIGNALLER_NOSUCH", {"SIGNALLER_RESUME", "SIGNALLER_STORE"}),
            "there is no variable 'SIGNALLER_NOSUCH'");
  EXPECT_EQ(unknown_name("variable", "SIGNALLER_STOER", {"SIGNALLER_RESUME", "SIGNALLER_STORE"}),
            "there is no variable 'SIGNALLER_STOER'; did you mean 'SIGNALLER_STORE'?");
}

}  // namespace
}  // namespace signaller::irc
