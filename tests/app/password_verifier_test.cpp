// Password checks run one at a time, on a thread with low priority and a bounded queue; a second
// thread takes over if the first one gets no CPU time.
#include <gtest/gtest.h>
#include <sodium.h>
#include <sys/resource.h>

#include <atomic>
#include <future>
#include <memory>
#include <vector>

#include "app/password_verifier.hpp"

namespace signaller {
namespace {

class VerifierTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_GE(sodium_init(), 0); }

  static std::future<port::Verified> ask(PasswordVerifier& verifier, std::uint64_t token,
                                         const std::string& hash, const std::string& password) {
    auto promise = std::make_shared<std::promise<port::Verified>>();
    verifier.ask({token, hash, password},
                 [promise](port::Verified verified) { promise->set_value(verified); });
    return promise->get_future();
  }
};

TEST_F(VerifierTest, AcceptsTheRightPasswordOnly) {
  const std::string hash = hash_password("right");
  EXPECT_EQ(hash.rfind("$argon2id$", 0), 0U);
  PasswordVerifier verifier(8);
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

TEST_F(VerifierTest, RunsWithLowPriority) {
  PasswordVerifier verifier(8);
  std::promise<int> niceness;
  verifier.ask({1, "nonsense", "password"}, [&niceness](port::Verified) {
    niceness.set_value(getpriority(PRIO_PROCESS, 0));  // on Linux, the priority of this thread
  });
  EXPECT_GT(niceness.get_future().get(), getpriority(PRIO_PROCESS, 0));
}

TEST_F(VerifierTest, ASecondThreadHelpsAStarvedFirstOne) {
  std::promise<void> core;  // the first check blocks its thread until this is set
  std::atomic<int> checks = 0;
  std::vector<std::future<port::Verified>> answers;
  {
    PasswordVerifier verifier(
        8,
        [&checks, got = core.get_future().share()](const port::Verify& question) {
          if (checks++ == 0) got.wait();
          return question.password == "right";
        },
        std::chrono::milliseconds(1));
    answers.push_back(ask(verifier, 1, "hash", "right"));
    EXPECT_TRUE(answers.back().get().ok) << "the one that it is stuck in";
    answers.push_back(ask(verifier, 2, "hash", "wrong"));
    EXPECT_FALSE(answers.back().get().ok) << "and those behind it";
    core.set_value();
    answers.push_back(ask(verifier, 3, "hash", "right"));
    EXPECT_TRUE(answers.back().get().ok);
  }
  EXPECT_GE(checks, 4) << "one of them twice";
}

TEST_F(VerifierTest, TheFirstCheckOfAnAddressHasPriority) {
  std::promise<void> begun;
  std::promise<void> on;
  std::string order;
  std::future<port::Verified> last;
  PasswordVerifier verifier(
      8,
      [&, going = on.get_future().share()](const port::Verify& question) {
        if (question.token == 1) begun.set_value();
        going.wait();
        order += question.password;
        return true;
      },
      std::chrono::hours(1));
  auto one = ask(verifier, 1, "hash", "a");
  begun.get_future().wait();
  last = ask(verifier, 2, "hash", "b");
  verifier.ask({3, "hash", "c", true}, [](port::Verified) {});
  on.set_value();
  EXPECT_TRUE(last.get().ok);
  EXPECT_EQ(order, "acb");
}

TEST_F(VerifierTest, AFirstCheckPrecedesRetriesOfOtherAddresses) {
  const std::string hash = hash_password("right");
  PasswordVerifier verifier(8);
  EXPECT_FALSE(ask(verifier, 1, hash, "wrong").get().ok);
  auto second = ask(verifier, 2, hash, "wrong");
  std::promise<bool> ready;
  verifier.ask({3, hash, "right", true}, [&](port::Verified verified) {
    EXPECT_TRUE(verified.ok);
    ready.set_value(second.wait_for(std::chrono::seconds(0)) == std::future_status::ready);
  });
  EXPECT_FALSE(ready.get_future().get()) << "the other one is still resting";
  EXPECT_FALSE(second.get().ok);
}

TEST_F(VerifierTest, AFullQueueAnswersBusyAtOnce) {
  PasswordVerifier verifier(0);
  const port::Verified answer = ask(verifier, 9, "hash", "password").get();
  EXPECT_TRUE(answer.busy);
  EXPECT_FALSE(answer.ok);
  EXPECT_EQ(answer.token, 9U);
}

}  // namespace
}  // namespace signaller
