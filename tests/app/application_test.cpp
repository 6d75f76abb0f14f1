// Starts a whole server, reloads it while it runs, and checks its log.
#include "app/application.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include <unistd.h>

#include <asio/post.hpp>
#include <csignal>
#include <future>
#include <thread>

#include "app/password_verifier.hpp"
#include "app/signals.hpp"
#include "tests/app/temporary.hpp"
#include "tests/net/server_fixture.hpp"

namespace signaller {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class ApplicationTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_GE(sodium_init(), 0); }
  void SetUp() override {
    configure("");
    sources_.listen = {"127.0.0.1:0"};
    sources_.settings = {"log.console=false", "net.shards=1", "net.close_timeout=1h"};
    LoadedConfig loaded = load_config(sources_);
    log_ = std::make_unique<Log>(loaded.config.log);
    application_ = std::make_unique<Application>(sources_, std::move(loaded), *log_);
    signals_ = std::make_unique<Signals>(*application_);
    thread_ = std::thread([this] { application_->server().run(); });
  }
  void TearDown() override { end(); }
  void end() {
    if (!application_) return;
    application_->server().stop();
    thread_.join();
    signals_.reset();
    application_.reset();
    log_.reset();
  }
  void configure(const std::string& more) {
    sources_.file = folder_.write("server.conf", more + "\n[log]\nout_file = \"chat.log\"\n");
  }
  port::QueryResult reload() {
    std::promise<port::QueryResult> answer;
    asio::post(application_->server().core_context(),
               [&] { answer.set_value(application_->reload()); });
    return answer.get_future().get();
  }

  Temporary folder_;
  ConfigSources sources_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<Application> application_;
  std::unique_ptr<Signals> signals_;
  std::thread thread_;
};

TEST_F(ApplicationTest, CreatesASecretKeyAndAnnouncesIt) {
  EXPECT_EQ(folder_.mode("signaller.key"), 0600U);
  EXPECT_THAT(application_->announcements(),
              testing::ElementsAre(HasSubstr("listening on ws://127")));
  end();
  EXPECT_THAT(folder_.read("chat.log"), HasSubstr("signaller.key: a new key was created"));
}

TEST_F(ApplicationTest, AReloadAppliesKeysAndNamesThoseThatNeedARestart) {
  EXPECT_THAT(reload().stats, IsEmpty());
  configure("server_name = \"other\"\n[limits]\ntopic = 7\n");
  const port::QueryResult answer = reload();
  EXPECT_TRUE(answer.ok);
  ASSERT_EQ(answer.stats.size(), 1U);
  EXPECT_EQ(answer.stats[0].what, "server_name");
  EXPECT_EQ(answer.stats[0].name, "restart");
  EXPECT_EQ(answer.stats[0].value, "stays \"signaller\" until a restart");
  end();
  EXPECT_THAT(folder_.read("chat.log"), HasSubstr("config: the reload did not change server_name"));
}

TEST_F(ApplicationTest, AWrongConfigurationChangesNothing) {
  configure("[limits]\nlines = 7\n");
  const port::QueryResult answer = reload();
  EXPECT_FALSE(answer.ok);
  ASSERT_EQ(answer.stats.size(), 1U);
  EXPECT_EQ(answer.stats[0].name, "error");
  EXPECT_THAT(answer.stats[0].value, HasSubstr("line 2: there is no key 'limits.lines'"));
  end();
  EXPECT_THAT(folder_.read("chat.log"),
              HasSubstr("error config: the configuration was not reloaded"));
}

TEST_F(ApplicationTest, AReloadReopensALogThatWasMoved) {
  std::filesystem::rename(folder_.path("chat.log"), folder_.path("chat.log.old"));
  EXPECT_TRUE(reload().ok);
  end();
  EXPECT_THAT(folder_.read("chat.log"), HasSubstr("config: the configuration was reloaded"));
}

TEST_F(ApplicationTest, SighupReloads) {
  std::filesystem::rename(folder_.path("chat.log"), folder_.path("chat.log.old"));
  ASSERT_EQ(::kill(::getpid(), SIGHUP), 0);
  while (!std::filesystem::exists(folder_.path("chat.log"))) std::this_thread::yield();
  end();
  EXPECT_THAT(folder_.read("chat.log"), HasSubstr("config: the configuration was reloaded"));
}

TEST_F(ApplicationTest, ASecondSigtermEndsAtOnce) {
  const std::string name = application_->server().addresses().front();
  net::Client unresponsive(net::port_at_end(name));
  unresponsive.upgrade();
  ASSERT_EQ(::kill(::getpid(), SIGTERM), 0);
  while (unresponsive.hear() != "(1001)") {  // this client never answers the close frame
  }
  ASSERT_EQ(::kill(::getpid(), SIGTERM), 0);
  thread_.join();  // run() must not wait for the close timeout of an hour
  thread_ = std::thread([] {});
}

}  // namespace
}  // namespace signaller
