// System calls that fail: after an error that can be retried nothing is lost; any other error ends
// one connection only, and no descriptor leaks.
#include "tests/net/faults.hpp"

#include <dirent.h>

#include <asio/post.hpp>
#include <cerrno>
#include <future>

#include "tests/net/server_fixture.hpp"

namespace signaller::net {
namespace {

std::size_t open_descriptors() {
  std::size_t count = 0;
  DIR* folder = ::opendir("/proc/self/fd");
  while (::readdir(folder) != nullptr) ++count;
  ::closedir(folder);
  return count;
}

class FaultTest : public ServerTest {
 protected:
  /// Sets the faults that are injected into system calls of the edge's thread from now on.
  void meet(const faults::Plans& plans) {
    std::promise<void> done;
    asio::post(server_->context(), [&] {
      faults::plans = plans;
      faults::inject(11);
      done.set_value();
    });
    done.get_future().wait();
  }
  void TearDown() override {
    meet({});
    ServerTest::TearDown();
    EXPECT_GT(faults::met.exchange(0), 0U) << "the test has met no fault";
  }
  /// Reads frames up to the frame with this text. Returns false if the connection ends before.
  static bool hears(Client& client, const std::string& text) {
    for (;;) {
      const std::string heard = client.hear();
      if (heard == text) return true;
      if (heard == "(eof)") return false;
    }
  }
  /// The clients send in turn; each message must reach all other clients.
  static void talk(const std::vector<std::unique_ptr<Client>>& clients, std::size_t rounds) {
    for (std::size_t round = 0; round < rounds; ++round) {
      const std::size_t who = round % clients.size();
      const std::string text = std::to_string(round) + std::string(round * 37 % 3'000, 'x');
      clients[who]->say("pub " + text);
      for (std::size_t i = 0; i < clients.size(); ++i) {
        if (i == who) continue;
        ASSERT_EQ(clients[i]->hear(), text);
      }
    }
  }
};

TEST_P(FaultTest, RetriableErrorsLoseNothing) {
  faults::Plans plans;
  plans.receive = {3, {EAGAIN, EINTR}, true};
  plans.send = {3, {EAGAIN, EINTR, ENOBUFS}, true};
  plans.accept = {2, {EINTR, ECONNABORTED, EPROTO, ENETDOWN}, false};
  meet(plans);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 6; ++i) clients.push_back(joined());
  talk(clients, 300);
  EXPECT_THAT(get("/livez"), testing::EndsWith("alive\n"));
}

TEST_P(FaultTest, ABrokenConnectionAffectsNoOther) {
  const auto quiet = joined();
  const std::size_t before = open_descriptors();
  faults::Plans plans;
  plans.receive = {40, {ECONNRESET, ETIMEDOUT, EPIPE}, false};
  plans.send = {60, {EPIPE, ECONNRESET, ETIMEDOUT, EHOSTUNREACH}, false};
  meet(plans);
  for (int i = 0; i < 200; ++i) {
    try {
      Client client(port_);
      client.upgrade();
      for (int n = 0; n < 5; ++n) client.say("pub " + std::to_string(n));
      client.hear();
    } catch (const std::system_error&) {
      continue;  // a fault has ended this connection
    }
  }
  meet({});
  // The faults may also have ended the quiet connection. New connections must work.
  const auto [one, other] = std::pair(joined(), joined());
  one->say("pub still here");
  EXPECT_TRUE(hears(*other, "still here"));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  // The descriptors of two connections. Each has the client's socket, three descriptors of the
  // client's Asio context, and the server's socket.
  constexpr std::size_t Two = 2 * (1 + 3 + 1);
  while (open_descriptors() > before + Two && std::chrono::steady_clock::now() < deadline) {
    EXPECT_THAT(get("/livez"), testing::EndsWith("alive\n"));  // the server must still work
  }
  EXPECT_LE(open_descriptors(), before + Two);
}

TEST_P(FaultTest, LackOfDescriptorsAffectsNewConnectionsOnly) {
  const auto one = joined();
  const auto other = joined();
  faults::Plans plans;
  plans.accept = {2, {EMFILE, ENFILE, ENOBUFS, ENOMEM}, false};
  meet(plans);
  int served = 0;
  for (int i = 0; i < 30; ++i) {
    try {
      Client late(port_);
      late.upgrade();
      if (late.hear() == "hello 127.0.0.1") ++served;
    } catch (const std::system_error&) {
      continue;  // the server closed the connection at once, because it has no descriptor
    }
  }
  one->say("pub as ever");
  EXPECT_TRUE(hears(*other, "as ever"));
  EXPECT_GT(served, 0);
}

INSTANTIATE_TEST_SUITE_P(Shapes, FaultTest, testing::Values(Shape{1, false}, Shape{1, true}),
                         [](const auto& shape) { return name_of(shape); });

}  // namespace
}  // namespace signaller::net
