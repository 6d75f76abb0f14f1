// One connection to Redis at a time. Commands are sent in order; each command gets its reply, or
// the link is lost.
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

/// Used on the thread of its loop, which must outlive the link. A callback may call any method but
/// must not destroy the link.
class RedisLink {
 public:
  using OnReply = std::function<void(const RedisReply&)>;

  /// @param timeout  maximum silence while a connection attempt or a reply is pending; detects a
  /// suspended Redis, which keeps its sockets open
  RedisLink(asio::io_context& loop, RedisUrl url, std::chrono::milliseconds timeout);
  ~RedisLink();
  RedisLink(const RedisLink&) = delete;
  RedisLink& operator=(const RedisLink&) = delete;

  /// Connects, then calls on_open or on_lost. Requires that no connection is open.
  void open();
  /// Sends a command.
  /// @param on_reply  not called if the link is lost first
  void send(const Argv& argv, OnReply on_reply);
  /// Closes the connection. Calls neither on_lost nor reply handlers.
  void drop();

  asio::io_context& loop() { return loop_; }
  /// True if the last connection was given up after `timeout` of silence; false if the other side
  /// closed the connection.
  [[nodiscard]] bool timed_out() const { return timed_out_; }

  std::function<void()> on_open;
  /// Called when an open connection or an attempt ends. Commands without a reply may or may not
  /// have taken effect.
  std::function<void(const std::string& why)> on_lost;

 private:
  using Clock = std::chrono::steady_clock;
  using Addresses = asio::ip::tcp::resolver::results_type;

  void resolve();
  void resolved(const std::error_code& error, const Addresses& addresses);
  void connect(redisAsyncContext* context);
  void connected();
  void fail(const std::string& why);
  void lost(const char* why);
  void start_timeout();
  void check_silence(bool last);
  void reply(const redisReply* raw);
  /// Drops the pointer to the context that hiredis is about to free.
  void detach();

  template <class Call>
  static void guarded(const redisAsyncContext* context, const Call& call);
  static void handle_connect(const redisAsyncContext* context, int status);
  static void handle_disconnect(const redisAsyncContext* context, int status);
  static void handle_reply(redisAsyncContext* context, void* raw, void* unused);

  asio::io_context& loop_;
  const RedisUrl url_;
  const std::chrono::milliseconds timeout_;
  asio::ip::tcp::resolver resolver_;
  /// expires when the attempt ends, so that a late DNS result is ignored
  std::shared_ptr<char> resolving_;
  std::size_t attempt_ = 0;  ///< number of attempts; selects one of the addresses of a name
  redisAsyncContext* context_ = nullptr;
  bool opening_ = false;
  std::deque<OnReply> handlers_;            ///< handlers of the commands without a reply, in order
  std::vector<const char*> argument_data_;  ///< arguments of the command being sent
  std::vector<std::size_t> argument_sizes_;
  Timer deadline_;
  bool timed_out_ = false;
  bool timeout_running_ = false;
  /// Time of the last input or of the start of waiting, whichever is later.
  Clock::time_point last_progress_;
};

}  // namespace signaller::persist
