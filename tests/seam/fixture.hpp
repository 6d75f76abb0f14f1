// Three protocols in one server: the slash protocol, and two small ones in the same process.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <asio/post.hpp>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "persist/memory_store.hpp"
#include "tests/net/server_thread.hpp"
#include "tests/plain_hash.hpp"
#include "tests/seam/client.hpp"
#include "tests/seam/topic_protocol.hpp"
#include "tests/seeded.hpp"
#include "tests/slash_access.hpp"

namespace signaller::seam {

class SeamTest : public testing::Test, protected net::ServerThread {
 protected:
  /// @param store  null: a memory store
  void start(port::Store* store = nullptr) {
    slash_ = std::make_unique<commands::SlashProtocol>(options_, parts_.resources, parts_.world);
    // The clients do not answer pings.
    server_options_.ping_interval = std::chrono::milliseconds(0);
    server_options_.close_timeout = std::chrono::milliseconds(200);
    server_options_.listeners.push_back(
        {"127.0.0.1", 0, {{"/", "slash"}, {"/second", "second"}, {"/third", "third"}}});
    services_.store = store == nullptr ? &memory_ : store;
    std::vector<port::Protocol*> protocols{slash_.get(), &second_, &third_};
    for (port::Protocol* one : more_) {
      const port::Endpoint endpoint = one->endpoints().front();
      server_options_.listeners.front().mounts.push_back(
          {std::string(endpoint.path), std::string(endpoint.name)});
      protocols.push_back(one);
    }
    make_server(server_options_, protocols, services_);
    server_->on_error = [this](const char* what) {
      const std::lock_guard lock(errors_mutex_);
      errors_.emplace_back(what);
    };
  }
  void TearDown() override { destroy(); }

  std::unique_ptr<Client> connect(const std::string& path) const {
    return std::make_unique<Client>(port_, path);
  }
  /// A client of the slash protocol that has described itself and joined #x.
  std::unique_ptr<Client> member(const std::string& nick) const {
    auto client = connect("/");
    client->say("/descp {nick:'" + nick + "'}");
    client->say("/join #x");
    client->say("/ping joined");
    client->hear_until("PONG");
    return client;
  }
  std::unique_ptr<Client> subscriber(const std::string& path, int form = 0) const {
    auto client = connect(path);
    client->say("sub " + std::to_string(form));
    client->hear_until("subscribed");
    return client;
  }
  /// Returns the messages that a client of a small protocol has received so far.
  static std::vector<std::string> heard(Client& client) {
    client.say("mark");
    auto all = client.hear_until("mark");
    if (!all.empty()) all.pop_back();
    return all;
  }
  static std::vector<std::string> heard_of_slash(Client& client) {
    client.say("/ping end");
    auto all = client.hear_until("PONG");
    if (!all.empty()) all.pop_back();
    return all;
  }
  /// The exceptions that the server has caught.
  std::vector<std::string> errors() {
    const std::lock_guard lock(errors_mutex_);
    return errors_;
  }
  /// Runs `action` on the core's thread, waits for it and returns its result.
  template <class Action>
  auto on_core(Action action) {
    std::packaged_task<decltype(action())()> task(std::move(action));
    auto result = task.get_future();
    asio::post(server_->core_context(), [&task] { task(); });
    return result.get();
  }

  tests::Seeded random_{7};
  tests::PlainHash hash_;
  tests::SlashParts parts_{random_, hash_};
  commands::Options options_;
  std::unique_ptr<commands::SlashProtocol> slash_;
  TopicProtocol second_{"second", parts_.resources, parts_.world, 1'000};
  TopicProtocol third_{"third", parts_.resources, parts_.world, 2'000};
  std::vector<port::Protocol*> more_;  ///< further protocols, set before start()
  std::mutex errors_mutex_;
  std::vector<std::string> errors_;
  persist::MemoryStore memory_;
  net::ServerOptions server_options_;
  net::Services services_;
};

}  // namespace signaller::seam
