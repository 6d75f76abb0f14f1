// Runs a Redis store on its own loop until a condition holds.
#pragma once

#include <gtest/gtest.h>

#include <asio/io_context.hpp>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "persist/redis/redis_store.hpp"
#include "tests/seeded.hpp"

namespace signaller::tests {

/// Options for a test, with short times.
inline persist::RedisOptions redis_options(const std::string& url, std::string boot = "boot1") {
  persist::RedisOptions options;
  auto parsed = persist::parse_redis_url(url);
  EXPECT_TRUE(parsed.url) << parsed.fault;
  options.url = parsed.url.value_or(persist::RedisUrl());
  options.boot = std::move(boot);
  options.key_fingerprint = "fingerprint";
  options.key_file = "secret.key";
  return options;
}

class RedisDriver {
 public:
  explicit RedisDriver(persist::RedisOptions options)
      : store(std::make_unique<persist::RedisStore>(std::move(options), random_)) {
    std::signal(SIGPIPE, SIG_IGN);  // the server does the same
    store->attach(loop_);
    store->on_event = [this](const port::StoreEvent& event) { events.push_back(event); };
    store->on_problem = [this](const std::string& text) { problems.push_back(text); };
    store->on_warning = [this](const std::string& text) { warnings.push_back(text); };
  }

  /// Runs the loop until `happened` returns true. Fails the test after 30 s.
  bool until(const std::function<bool()>& happened) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!happened()) {
      if (std::chrono::steady_clock::now() > end) {
        ADD_FAILURE() << "waited in vain; the store says: " << store->status().problem;
        return false;
      }
      if (loop_.stopped()) loop_.restart();
      loop_.run_one_for(std::chrono::milliseconds(5));
    }
    return true;
  }

  /// Starts a load; end_load() waits for the result.
  void begin_load() {
    store->load([this](port::Restored restored) {
      EXPECT_FALSE(restored_) << "load is answered once";
      restored_ = std::move(restored);
    });
  }
  port::Restored end_load() {
    until([this] { return restored_.has_value(); });
    return restored_.value_or(port::Restored());
  }
  port::Restored load() {
    begin_load();
    return end_load();
  }

  void begin_save(std::vector<port::Record> records) {
    answer_.reset();
    store->save(std::move(records), ++token_, [this](port::Stored stored) {
      EXPECT_EQ(stored.token, token_);
      EXPECT_FALSE(answer_) << "save is answered once";
      answer_ = stored.ok;
      left_out = stored.left_out;
    });
  }
  bool end_save() {
    until([this] { return answer_.has_value(); });
    return answer_.value_or(false);
  }
  bool save(std::vector<port::Record> records) {
    begin_save(std::move(records));
    return end_save();
  }
  void close() {
    bool closed = false;
    store->close([&closed] { closed = true; });
    until([&closed] { return closed; });
  }

  /// Waits for the next event and returns it; events come in order.
  port::StoreEvent next_event() {
    until([this] { return events.size() > seen_; });
    return seen_ < events.size() ? events[seen_++] : port::StoreEvent();
  }

 private:
  asio::io_context loop_;
  Seeded random_{1};
  std::optional<port::Restored> restored_;
  std::optional<bool> answer_;
  std::uint64_t token_ = 0;
  std::size_t seen_ = 0;

 public:
  std::unique_ptr<persist::RedisStore> store;
  std::vector<port::StoreEvent> events;
  std::vector<std::string> warnings;
  /// The reported problems, in order; an empty text means that the store is ready again.
  std::vector<std::string> problems;
  std::vector<std::string> left_out;  ///< msgids that the last batch left out
};

}  // namespace signaller::tests
