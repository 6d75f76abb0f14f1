// The key file: created once, atomically, readable by its owner alone; errors are reported.
#include "app/secret_key.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>
#include <unistd.h>

#include <thread>

#include "tests/app/temporary.hpp"

namespace signaller {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

class SecretKeyTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_GE(sodium_init(), 0); }
  Temporary folder_;
  std::string path_ = folder_.path("signaller.key");
};

TEST_F(SecretKeyTest, IsCreatedAtTheFirstStartAndKept) {
  const SecretKey first = load_secret_key(path_);
  EXPECT_TRUE(first.made);
  EXPECT_EQ(folder_.mode("signaller.key"), 0600U);
  EXPECT_EQ(folder_.read("signaller.key").size(), 32U);
  const SecretKey second = load_secret_key(path_);
  EXPECT_FALSE(second.made);
  EXPECT_EQ(second.bytes, first.bytes);
  EXPECT_NE(first.bytes, decltype(first.bytes){});
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path("")), {}), 1);
}

TEST_F(SecretKeyTest, KeyForADurableStoreIsWrittenLater) {
  const SecretKey found = find_secret_key(path_);
  EXPECT_TRUE(found.made);
  EXPECT_FALSE(std::filesystem::exists(path_));
  keep_secret_key(path_, found);
  EXPECT_EQ(folder_.mode("signaller.key"), 0600U);
  EXPECT_EQ(find_secret_key(path_).bytes, found.bytes);
  EXPECT_FALSE(find_secret_key(path_).made);
  const std::string before = folder_.read("signaller.key");
  EXPECT_THAT([&] { keep_secret_key(path_, SecretKey()); },
              ThrowsMessage<std::runtime_error>(HasSubstr("was created by another process")));
  EXPECT_EQ(folder_.read("signaller.key"), before) << "somebody put it there";
}

TEST_F(SecretKeyTest, ConcurrentStartsGetTheSameKey) {
  std::array<SecretKey, 8> keys;
  std::vector<std::thread> threads;
  for (SecretKey& key : keys) threads.emplace_back([&] { key = load_secret_key(path_); });
  for (std::thread& thread : threads) thread.join();
  for (const SecretKey& key : keys) EXPECT_EQ(key.bytes, keys[0].bytes);
}

TEST_F(SecretKeyTest, AWrongSizeIsRefused) {
  for (const std::string& bytes : {std::string(), std::string(31, 'k'), std::string(33, 'k')}) {
    folder_.write("signaller.key", bytes);
    std::filesystem::permissions(path_, std::filesystem::perms(0600));
    EXPECT_THAT(
        [&] { load_secret_key(path_); },
        ThrowsMessage<std::runtime_error>(AllOf(HasSubstr(path_), HasSubstr("32 random bytes"))));
    EXPECT_EQ(folder_.read("signaller.key"), bytes);
  }
}

TEST_F(SecretKeyTest, AFileThatOthersMayReadIsRefused) {
  for (const unsigned mode : {0640U, 0604U, 0620U, 0666U}) {
    folder_.write("signaller.key", std::string(32, 'k'));
    std::filesystem::permissions(path_, std::filesystem::perms(mode));
    EXPECT_THAT([&] { check_secret_key(path_); },
                ThrowsMessage<std::runtime_error>(AllOf(HasSubstr(path_), HasSubstr("chmod 600"))));
  }
}

TEST_F(SecretKeyTest, AnUnwritableFolderIsAnErrorForDurableStoresOnly) {
  const std::string nowhere = folder_.path("no/such/folder/key");
  const SecretKey key = load_secret_key(nowhere);
  EXPECT_THAT(key.warning, AllOf(HasSubstr(nowhere), HasSubstr("random key")));
  EXPECT_NE(key.bytes, load_secret_key(nowhere).bytes);
  EXPECT_THAT([&] { find_secret_key(nowhere); },
              ThrowsMessage<std::runtime_error>(HasSubstr(nowhere)));
  EXPECT_NO_THROW(check_secret_key(nowhere));
}

}  // namespace
}  // namespace signaller
