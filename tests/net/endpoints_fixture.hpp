// A server with two protocols. Together their endpoints declare everything that an endpoint may
// declare.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/net/desk_protocol.hpp"
#include "tests/net/room_protocol.hpp"
#include "tests/net/server_thread.hpp"
#include "tests/net/tls_files.hpp"
#include "tests/net/web_client.hpp"

namespace signaller::net {

struct Setting {
  std::size_t shards;
  bool core_thread;
  bool secure;
};

inline std::string name_of_setting(const testing::TestParamInfo<Setting>& setting) {
  return std::to_string(setting.param.shards) + "shards" +
         (setting.param.core_thread ? "_core_thread" : "") + (setting.param.secure ? "_tls" : "");
}

class Endpoints : public testing::TestWithParam<Setting>, protected ServerThread {
 protected:
  void SetUp() override {
    ServerOptions options;
    options.shards = GetParam().shards;
    options.core_thread = GetParam().core_thread;
    options.handshake_timeout = std::chrono::milliseconds(400);
    options.close_timeout = std::chrono::milliseconds(500);
    options.tls = folder_.files();
    options.origins = {"https://friend.example"};
    ListenOptions listen{"127.0.0.1", 0, {}, false};
    listen.secure = GetParam().secure;
    listen.mounts = {{"/", "room"},
                     {"/ask", "ask"},
                     {"/mute", "mute"},
                     {"/office", "desk"},
                     {"/wide", "wide"},
                     {"/files/{x...}", "files"},
                     {"/files/special/{one}", "files"},
                     {"/files/exact/{one}", "ask"}};
    adjust(options);
    options.listeners.push_back(listen);
    make_server(options, {&room_, &desk_}, services());
    run_server();
  }
  void TearDown() override { destroy(); }
  virtual void adjust(ServerOptions& /*options*/) {}
  virtual Services services() { return {}; }
  /// Returns a client that receives a line for the end of each other connection to a desk.
  [[nodiscard]] std::unique_ptr<WebClient> watcher() const {
    auto web = std::make_unique<WebClient>(port_, GetParam().secure);
    EXPECT_EQ(web->upgrade("/office/at/watcher").status, 101);
    EXPECT_THAT(web->hear(), testing::StartsWith("/at/{name} watcher "));
    return web;
  }
  /// The value of a metric without labels.
  [[nodiscard]] double metric(std::string_view name) const {
    for (const port::Metric& one : server_->metrics()) {
      if (one.name == name) return one.samples.front().value;
    }
    ADD_FAILURE() << "there is no metric " << name;
    return 0;
  }
  /// Waits until a condition holds; fails after 20 s. Shards publish their counts at the end of a
  /// turn, so a count may lag behind.
  template <class Condition>
  static void await(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "the condition does not come true";
      std::this_thread::yield();
    }
  }
  [[nodiscard]] WebClient client() const { return {port_, GetParam().secure}; }

  TlsFolder folder_;
  RoomProtocol room_;
  DeskProtocol desk_;
};

/// One shard or two, with and without a core thread, plain and with TLS.
inline const auto Settings =
    testing::Values(Setting{1, false, false}, Setting{1, false, true}, Setting{2, false, false},
                    Setting{2, false, true}, Setting{1, true, false}, Setting{2, true, true});

}  // namespace signaller::net
