#include "persist/redis/redis_events.hpp"

#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <memory>
#include <utility>

namespace signaller::persist {
namespace {

/// Waits for the socket, which hiredis owns: Asio must never close it. Pending waits keep the
/// watcher alive after the context has gone, and then do nothing.
class SocketWatcher : public std::enable_shared_from_this<SocketWatcher> {
 public:
  SocketWatcher(redisAsyncContext& context, asio::io_context& loop, std::function<void()> on_input)
      : context_(&context), descriptor_(loop, context.c.fd), on_input_(std::move(on_input)) {}

  void want_read(bool wanted) {
    read_wanted_ = wanted;
    if (wanted && !reading_) wait_read();
  }
  void want_write(bool wanted) {
    write_wanted_ = wanted;
    if (!wanted || writing_) return;
    if ((context_->c.flags & REDIS_CONNECTED) != 0) {
      post_write();
    } else {
      wait_write();  // a socket that is being connected becomes writable when it is connected
    }
  }
  void end() {
    context_ = nullptr;
    descriptor_.release();
  }

 private:
  using Descriptor = asio::posix::stream_descriptor;

  void wait_read() {
    reading_ = true;
    descriptor_.async_wait(Descriptor::wait_read,
                           [self = shared_from_this()](const std::error_code& error) {
                             self->reading_ = false;
                             if (!error) self->ready_to_read();
                           });
  }
  /// Posts the write behind the handlers that are queued now, and does not wait until the socket is
  /// writable: it nearly always is, and a wait would cost several system calls per batch.
  void post_write() {
    writing_ = true;
    asio::post(descriptor_.get_executor(), [self = shared_from_this()] {
      self->writing_ = false;
      self->ready_to_write();
    });
  }
  void wait_write() {
    writing_ = true;
    descriptor_.async_wait(Descriptor::wait_write,
                           [self = shared_from_this()](const std::error_code& error) {
                             self->writing_ = false;
                             if (!error) self->ready_to_write();
                           });
  }
  /// hiredis may free the context during the call.
  void ready_to_read() {
    if (context_ == nullptr || !read_wanted_) return;
    on_input_();
    redisAsyncHandleRead(context_);
    if (context_ != nullptr && read_wanted_ && !reading_) wait_read();
  }
  void ready_to_write() {
    if (context_ == nullptr || !write_wanted_) return;
    writing_ = true;  // during this call, want_write() must not post another write
    redisAsyncHandleWrite(context_);
    writing_ = false;
    if (context_ != nullptr && write_wanted_) wait_write();
  }

  redisAsyncContext* context_;  ///< null: hiredis has freed it
  Descriptor descriptor_;
  const std::function<void()> on_input_;
  bool read_wanted_ = false;
  bool write_wanted_ = false;
  bool reading_ = false;  ///< a wait is pending
  bool writing_ = false;  ///< a wait or a posted write is pending
};

using SocketWatcherPtr = std::shared_ptr<SocketWatcher>;

SocketWatcher& watcher_of(void* data) {
  return **static_cast<SocketWatcherPtr*>(data);
}

/// hiredis is freeing the context and closes its socket after this call.
void release_watcher(void* data) {
  const std::unique_ptr<SocketWatcherPtr> watcher(static_cast<SocketWatcherPtr*>(data));
  (*watcher)->end();
}

}  // namespace

void watch_events(redisAsyncContext& context, asio::io_context& loop,
                  std::function<void()> on_input) {
  auto watcher = std::make_unique<SocketWatcherPtr>(
      std::make_shared<SocketWatcher>(context, loop, std::move(on_input)));
  context.ev.data = watcher.release();
  context.ev.addRead = [](void* data) { watcher_of(data).want_read(true); };
  context.ev.delRead = [](void* data) { watcher_of(data).want_read(false); };
  context.ev.addWrite = [](void* data) { watcher_of(data).want_write(true); };
  context.ev.delWrite = [](void* data) { watcher_of(data).want_write(false); };
  context.ev.cleanup = release_watcher;
}

}  // namespace signaller::persist
