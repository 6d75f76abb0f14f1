#include "persist/redis/redis_link.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <asio/ip/address.hpp>
#include <asio/post.hpp>
#include <exception>
#include <iterator>
#include <utility>

#include "persist/redis/redis_events.hpp"

namespace signaller::persist {
namespace {

/// Detects a dead network also while no reply is pending.
void keep_alive(int descriptor) {
  const auto set = [descriptor](int level, int name, int value) {
    (void)::setsockopt(descriptor, level, name, &value, sizeof value);
  };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, 15);  // seconds
  set(IPPROTO_TCP, TCP_KEEPINTVL, 5);
  set(IPPROTO_TCP, TCP_KEEPCNT, 3);
}

}  // namespace

RedisLink::RedisLink(asio::io_context& loop, RedisUrl url, std::chrono::milliseconds timeout)
    : loop_(loop), url_(std::move(url)), timeout_(timeout), resolver_(loop), deadline_(loop) {}

RedisLink::~RedisLink() {
  drop();
}

void RedisLink::open() {
  opening_ = true;
  timed_out_ = false;
  last_progress_ = Clock::now();
  start_timeout();
  if (!url_.path.empty()) {
    connect(redisAsyncConnectUnix(url_.path.c_str()));
    return;
  }
  std::error_code error;
  asio::ip::make_address(url_.host, error);
  if (!error) {
    connect(redisAsyncConnect(url_.host.c_str(), url_.port));
  } else {
    resolve();
  }
}

/// Resolves asynchronously: hiredis would block this thread.
void RedisLink::resolve() {
  resolving_ = std::make_shared<char>();
  resolver_.async_resolve(url_.host, std::to_string(url_.port),
                          [this, weak = std::weak_ptr<char>(resolving_)](
                              const std::error_code& error, const Addresses& addresses) {
                            if (!weak.expired()) resolved(error, addresses);
                          });
}

void RedisLink::resolved(const std::error_code& error, const Addresses& addresses) {
  if (error || addresses.empty()) {
    fail(fmt::format("cannot resolve '{}': {}", url_.host, error.message()));
    return;
  }
  const auto turn = static_cast<std::ptrdiff_t>(attempt_++ % addresses.size());
  const auto endpoint = std::next(addresses.begin(), turn)->endpoint();
  connect(redisAsyncConnect(endpoint.address().to_string().c_str(), endpoint.port()));
}

void RedisLink::connect(redisAsyncContext* context) {
  if (context == nullptr || context->err != 0) {
    const std::string why = context == nullptr ? "out of memory" : context->errstr;
    if (context != nullptr) redisAsyncFree(context);
    // Report the failure after open() has returned.
    deadline_.set(std::chrono::milliseconds(0), [this, why] { fail(why); });
    return;
  }
  context_ = context;
  context->data = this;
  (void)::fcntl(context->c.fd, F_SETFD, FD_CLOEXEC);
  watch_events(*context, loop_, [this] { last_progress_ = Clock::now(); });
  redisAsyncSetConnectCallback(context, handle_connect);
  redisAsyncSetDisconnectCallback(context, handle_disconnect);
}

void RedisLink::connected() {
  opening_ = false;
  if (url_.path.empty()) keep_alive(context_->c.fd);
  on_open();
}

void RedisLink::send(const Argv& argv, OnReply on_reply) {
  // If there is no context, on_lost has been called or will be called.
  if (context_ == nullptr) return;
  argument_data_.clear();
  argument_sizes_.clear();
  for (const auto& word : argv) {
    argument_data_.push_back(word.data());
    argument_sizes_.push_back(word.size());
  }
  if (handlers_.empty()) {
    last_progress_ = Clock::now();
    start_timeout();
  }
  handlers_.push_back(std::move(on_reply));
  (void)redisAsyncCommandArgv(context_, handle_reply, nullptr,
                              static_cast<int>(argument_data_.size()), argument_data_.data(),
                              argument_sizes_.data());
}

void RedisLink::detach() {
  if (context_ != nullptr) context_->data = nullptr;
  context_ = nullptr;
  resolving_.reset();
  resolver_.cancel();
  deadline_.cancel();
  timeout_running_ = false;
  opening_ = false;
  handlers_.clear();
}

void RedisLink::drop() {
  redisAsyncContext* context = context_;
  detach();
  // Inside a handler, hiredis frees the context only after the handler has returned.
  if (context != nullptr) redisAsyncFree(context);
}

/// Handles the end of the connection. hiredis frees the context after this call.
void RedisLink::lost(const char* why) {
  const std::string reason = *why == '\0' ? "closed" : why;
  detach();
  on_lost(reason);
}

void RedisLink::fail(const std::string& why) {
  drop();
  on_lost(why);
}

void RedisLink::start_timeout() {
  if (timeout_running_) return;
  timeout_running_ = true;
  deadline_.set(timeout_, [this] { check_silence(false); });
}

/// One timer serves all replies. If this thread was busy, input may wait in the socket, so the
/// input is read before the last check.
void RedisLink::check_silence(bool last) {
  timeout_running_ = false;
  if (!opening_ && handlers_.empty()) return;
  const auto silence =
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - last_progress_);
  if (silence >= timeout_ && last) {
    timed_out_ = true;
    fail(fmt::format("Redis has not answered for {} ms", silence.count()));
    return;
  }
  timeout_running_ = true;
  const bool over = silence >= timeout_;
  deadline_.set(over ? std::chrono::milliseconds(1) : timeout_ - silence,
                [this, over] { check_silence(over); });
}

void RedisLink::reply(const redisReply* raw) {
  last_progress_ = Clock::now();
  if (handlers_.empty()) return;
  const OnReply handler = std::move(handlers_.front());
  handlers_.pop_front();
  handler(RedisReply(raw));
}

/// Exceptions must not pass through hiredis, which is C: rethrows them from the loop.
template <class Call>
void RedisLink::guarded(const redisAsyncContext* context, const Call& call) {
  auto* link = static_cast<RedisLink*>(context->data);
  if (link == nullptr) return;  // the link was dropped
  try {
    call(*link);
  } catch (...) {
    asio::post(link->loop_,
               [thrown = std::current_exception()] { std::rethrow_exception(thrown); });
  }
}

/// If the attempt failed, hiredis frees the context itself.
void RedisLink::handle_connect(const redisAsyncContext* context, int status) {
  guarded(context, [context, status](RedisLink& link) {
    if (status == REDIS_OK) {
      link.connected();
    } else {
      link.lost(context->c.errstr);
    }
  });
}

void RedisLink::handle_disconnect(const redisAsyncContext* context, int) {
  guarded(context, [context](RedisLink& link) { link.lost(context->c.errstr); });
}

/// A null reply means that the connection has ended.
void RedisLink::handle_reply(redisAsyncContext* context, void* raw, void*) {
  guarded(context, [context, raw](RedisLink& link) {
    if (raw != nullptr) {
      link.reply(static_cast<const redisReply*>(raw));
    } else {
      link.lost(context->c.errstr);
    }
  });
}

}  // namespace signaller::persist
