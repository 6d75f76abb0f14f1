// No message and no secret appears in a log, even at the most verbose level.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include <thread>

#include "app/application.hpp"
#include "app/password_verifier.hpp"
#include "tests/app/temporary.hpp"
#include "tests/net/server_fixture.hpp"

namespace signaller {
namespace {

using testing::HasSubstr;
using testing::Not;

class PrivacyTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_GE(sodium_init(), 0); }
  void SetUp() override {
    ConfigSources sources;
    sources.file = folder_.write("server.conf",
                                 "password = \"Server-secret\"\n"
                                 "[log]\nlevel = \"debug\"\nout_file = \"chat.log\"\n"
                                 "[[operator]]\nname = \"root\"\nhash = \"" +
                                     hash_password("Oper-secret") + "\"\n");
    sources.listen = {"127.0.0.1:0"};
    sources.settings = {"log.console=false", "audit.file=" + folder_.path("audit.log")};
    LoadedConfig loaded = load_config(sources);
    log_ = std::make_unique<Log>(loaded.config.log);
    application_ = std::make_unique<Application>(sources, std::move(loaded), *log_);
    thread_ = std::thread([this] { application_->server().run(); });
  }
  void TearDown() override { end(); }
  void end() {
    if (!application_) return;
    application_->server().stop();
    thread_.join();
    application_.reset();
    log_.reset();
  }
  /// Sends a line and reads until its ACK, FAIL or numeric.
  static std::string ask(net::Client& client, const std::string& line) {
    client.say("@label=x " + line);
    client.say("/ping done");
    std::string all;
    while (all.find("PONG") == std::string::npos) {
      const std::string heard = client.hear();
      if (heard == "(eof)") return all + heard;
      all += heard + "\n";
    }
    return all;
  }

  Temporary folder_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<Application> application_;
  std::thread thread_;
};

TEST_F(PrivacyTest, NoLogHoldsASecret) {
  const std::string name = application_->server().addresses().front();
  net::Client client(net::port_at_end(name));
  client.upgrade();
  EXPECT_THAT(ask(client, R"(/descp {"nick":"ann","token":"Wrong-secret"})"), HasSubstr("464"));
  EXPECT_THAT(ask(client, R"(/descp {"nick":"ann","token":"Server-secret",)"
                          R"("secret":"Peer-secret-that-is-long-enough"})"),
              HasSubstr(" 001 "));
  EXPECT_THAT(ask(client, "/join #x Token-secret"), HasSubstr("JOIN #x"));
  for (const char* line :
       {"/pubmsg #x Chat-secret", "/privmsg ann Mail-secret", "/mode #x +k Mode-secret",
        "/oper root Guess-secret", "/oper nobody Other-secret", "/oper root Oper-secret",
        "/nonsense Verb-secret", "/kick ann Kick-secret", "no command Text-secret",
        "/join #y Late-secret", "/quit"}) {
    (void)ask(client, line);
  }
  end();
  const std::string log = folder_.read("chat.log");
  EXPECT_THAT(log, HasSubstr("debug net: connection 0."));
  EXPECT_THAT(log, HasSubstr("from \"127.0.0.1\""));
  for (const char* secret : {"Wrong", "Door", "Peer", "Token", "Chat", "Mail", "Mode", "Guess",
                             "Other", "Oper", "Verb", "Text", "Late"}) {
    EXPECT_THAT(log, Not(HasSubstr(std::string(secret) + "-secret")));
    EXPECT_THAT(folder_.read("audit.log"), Not(HasSubstr(std::string(secret) + "-secret")));
  }
}

}  // namespace
}  // namespace signaller
