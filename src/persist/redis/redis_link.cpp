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

/// A network that has gone silent is noticed also while nothing is asked.
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

RedisLink::RedisLink(asio::io_context& loop, RedisUrl url, std::chrono::milliseconds patience)
    : loop_(loop), url_(std::move(url)), patience_(patience), resolver_(loop), deadline_(loop) {}

RedisLink::~RedisLink() {
  drop();
}

void RedisLink::open() {
  opening_ = true;
  silent_ = false;
  progress_ = Clock::now();
  watch_progress();
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

/// hiredis would resolve names on this thread, and wait.
void RedisLink::resolve() {
  alive_ = std::make_shared<char>();
  resolver_.async_resolve(url_.host, std::to_string(url_.port),
                          [this, weak = std::weak_ptr<char>(alive_)](const std::error_code& error,
                                                                     const Addresses& addresses) {
                            if (!weak.expired()) resolved(error, addresses);
                          });
}

void RedisLink::resolved(const std::error_code& error, const Addresses& addresses) {
  if (error || addresses.empty()) {
    lose(fmt::format("cannot resolve '{}': {}", url_.host, error.message()));
    return;
  }
  const auto turn = static_cast<std::ptrdiff_t>(attempt_++ % addresses.size());
  const auto endpoint = std::next(addresses.begin(), turn)->endpoint();
  connect(redisAsyncConnect(endpoint.address().to_string().c_str(), endpoint.port()));
}

void RedisLink::connect(redisAsyncContext* made) {
  if (made == nullptr || made->err != 0) {
    const std::string why = made == nullptr ? "out of memory" : made->errstr;
    if (made != nullptr) redisAsyncFree(made);
    // Not before open() has returned.
    deadline_.set(std::chrono::milliseconds(0), [this, why] { lose(why); });
    return;
  }
  context_ = made;
  made->data = this;
  (void)::fcntl(made->c.fd, F_SETFD, FD_CLOEXEC);
  watch_events(*made, loop_, [this] { progress_ = Clock::now(); });
  redisAsyncSetConnectCallback(made, handle_connect);
  redisAsyncSetDisconnectCallback(made, handle_disconnect);
}

void RedisLink::connected() {
  opening_ = false;
  if (url_.path.empty()) keep_alive(context_->c.fd);
  on_open();
}

void RedisLink::send(const Argv& argv, OnReply on_reply) {
  if (context_ == nullptr) return;  // lost, as on_lost has said or will say
  words_.clear();
  sizes_.clear();
  for (const auto& word : argv) {
    words_.push_back(word.data());
    sizes_.push_back(word.size());
  }
  if (handlers_.empty()) {
    progress_ = Clock::now();
    watch_progress();
  }
  handlers_.push_back(std::move(on_reply));
  (void)redisAsyncCommandArgv(context_, handle_reply, nullptr, static_cast<int>(words_.size()),
                              words_.data(), sizes_.data());
}

void RedisLink::forget() {
  if (context_ != nullptr) context_->data = nullptr;
  context_ = nullptr;
  alive_.reset();
  resolver_.cancel();
  deadline_.cancel();
  watching_ = false;
  opening_ = false;
  handlers_.clear();
}

void RedisLink::drop() {
  redisAsyncContext* context = context_;
  forget();
  // Within a handler, hiredis puts it off until that has returned.
  if (context != nullptr) redisAsyncFree(context);
}

/// hiredis frees the context after this.
void RedisLink::lost(const char* why) {
  const std::string reason = *why == '\0' ? "closed" : why;
  forget();
  on_lost(reason);
}

void RedisLink::lose(const std::string& why) {
  drop();
  on_lost(why);
}

void RedisLink::watch_progress() {
  if (watching_) return;
  watching_ = true;
  deadline_.set(patience_, [this] { look(false); });
}

/// Instead of a timer for each reply. Something may have come that has not been read yet, if this
/// thread was busy: it is read before the last look.
void RedisLink::look(bool last) {
  watching_ = false;
  if (!opening_ && handlers_.empty()) return;
  const auto silence =
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - progress_);
  if (silence >= patience_ && last) {
    silent_ = true;
    lose(fmt::format("no answer for {} ms", silence.count()));
    return;
  }
  watching_ = true;
  const bool over = silence >= patience_;
  deadline_.set(over ? std::chrono::milliseconds(1) : patience_ - silence,
                [this, over] { look(over); });
}

void RedisLink::reply(const redisReply* raw) {
  progress_ = Clock::now();
  if (handlers_.empty()) return;
  const OnReply handler = std::move(handlers_.front());
  handlers_.pop_front();
  handler(RedisReply(raw));
}

/// Exceptions must not pass through hiredis, which is C: they leave the loop behind it.
template <class Call>
void RedisLink::guarded(const redisAsyncContext* context, const Call& call) {
  auto* link = static_cast<RedisLink*>(context->data);
  if (link == nullptr) return;  // it was dropped
  try {
    call(*link);
  } catch (...) {
    asio::post(link->loop_,
               [thrown = std::current_exception()] { std::rethrow_exception(thrown); });
  }
}

/// hiredis frees the context by itself if it could not connect.
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

/// Without a reply: the connection has ended.
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
