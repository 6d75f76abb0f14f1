// Passwords: one at a time, off the caller's thread, and a full queue says so at once.
#include <gtest/gtest.h>
#include <sodium.h>
#include <sys/resource.h>

#include <future>
#include <memory>

#include "verifier.hpp"

namespace signaller {
namespace {

class VerifierTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_GE(sodium_init(), 0); }

  static std::future<port::Verified> ask(Verifier& verifier, std::uint64_t token,
                                         const std::string& hash, const std::string& password) {
    auto promise = std::make_shared<std::promise<port::Verified>>();
    verifier.ask({token, hash, password},
                 [promise](port::Verified verified) { promise->set_value(verified); });
    return promise->get_future();
  }
};

TEST_F(VerifierTest, TellsRightFromWrong) {
  const std::string hash = hash_password("right");
  EXPECT_EQ(hash.rfind("$argon2id$", 0), 0U);
  Verifier verifier(8);
  auto right = ask(verifier, 1, hash, "right");
  auto wrong = ask(verifier, 2, hash, "wrong");
  auto no_hash = ask(verifier, 3, "nonsense", "right");
  EXPECT_TRUE(right.get().ok);
  const port::Verified answer = wrong.get();
  EXPECT_FALSE(answer.ok);
  EXPECT_FALSE(answer.busy);
  EXPECT_EQ(answer.token, 2U);
  EXPECT_FALSE(no_hash.get().ok);
}

TEST_F(VerifierTest, GivesWayToWhoAsks) {
  Verifier verifier(8);
  std::promise<int> niceness;
  verifier.ask({1, "nonsense", "password"}, [&niceness](port::Verified) {
    niceness.set_value(getpriority(PRIO_PROCESS, 0));  // of the thread, on Linux
  });
  EXPECT_GT(niceness.get_future().get(), getpriority(PRIO_PROCESS, 0));
}

TEST_F(VerifierTest, AFullQueueAnswersBusyAtOnce) {
  Verifier verifier(0);
  const port::Verified answer = ask(verifier, 9, "hash", "password").get();
  EXPECT_TRUE(answer.busy);
  EXPECT_FALSE(answer.ok);
  EXPECT_EQ(answer.token, 9U);
}

}  // namespace
}  // namespace signaller
