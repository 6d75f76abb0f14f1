// One connection to Redis after the other: commands go out in order, and each gets its reply or the
// link is lost.
#pragma once

#include <hiredis/async.h>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "persist/format/keys.hpp"
#include "persist/redis/redis_reply.hpp"
#include "persist/redis/redis_url.hpp"
#include "persist/redis/timer.hpp"

namespace signaller::persist {

/// Lives on the thread of its loop, which must outlive it. Must not be destroyed by one of its own
/// calls; everything else may be done in them.
class RedisLink {
 public:
  using OnReply = std::function<void(const RedisReply&)>;

  /// @param patience  how long nothing may come while something is awaited, a connection or a
  ///                  reply: a Redis that was stopped keeps its sockets open
  RedisLink(asio::io_context& loop, RedisUrl url, std::chrono::milliseconds patience);
  ~RedisLink();
  RedisLink(const RedisLink&) = delete;
  RedisLink& operator=(const RedisLink&) = delete;

  /// Connects; then on_open, or on_lost. Not while it is open.
  void open();
  /// @param on_reply  is not called if the link is lost before
  void send(const Argv& argv, OnReply on_reply);
  /// Closes without a word: neither on_lost nor a handler is called.
  void drop();

  asio::io_context& loop() { return loop_; }
  /// Whether the last one was lost since nothing came, and not since the other side ended it.
  [[nodiscard]] bool was_silent() const { return silent_; }

  std::function<void()> on_open;
  /// It was open, or was to be. Whether the commands without a reply took effect is not known.
  std::function<void(const std::string& why)> on_lost;

 private:
  using Clock = std::chrono::steady_clock;
  using Addresses = asio::ip::tcp::resolver::results_type;

  void resolve();
  void resolved(const std::error_code& error, const Addresses& addresses);
  void connect(redisAsyncContext* made);
  void connected();
  void lose(const std::string& why);
  void lost(const char* why);
  void watch_progress();
  void look(bool last);
  void reply(const redisReply* raw);
  /// Forgets the context, which hiredis is about to free.
  void forget();

  template <class Call>
  static void guarded(const redisAsyncContext* context, const Call& call);
  static void handle_connect(const redisAsyncContext* context, int status);
  static void handle_disconnect(const redisAsyncContext* context, int status);
  static void handle_reply(redisAsyncContext* context, void* raw, void* unused);

  asio::io_context& loop_;
  const RedisUrl url_;
  const std::chrono::milliseconds patience_;
  asio::ip::tcp::resolver resolver_;
  std::shared_ptr<char> alive_;  ///< what is resolved belongs to this attempt
  std::size_t attempt_ = 0;      ///< a name may have several addresses: they take turns
  redisAsyncContext* context_ = nullptr;
  bool opening_ = false;
  std::deque<OnReply> handlers_;    ///< of the commands that have no reply yet, in order
  std::vector<const char*> words_;  ///< of the command being sent
  std::vector<std::size_t> sizes_;
  Timer deadline_;
  bool silent_ = false;
  bool watching_ = false;
  Clock::time_point progress_;  ///< when something came last, or began to be awaited
};

}  // namespace signaller::persist
