#include "persist/redis/redis_events.hpp"

#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <memory>
#include <utility>

namespace signaller::persist {
namespace {

/// Waits for the socket, which stays hiredis's: Asio must never close it. Waits that are under way
/// keep it alive behind the context, and then do nothing.
class Events : public std::enable_shared_from_this<Events> {
 public:
  Events(redisAsyncContext& context, asio::io_context& loop, std::function<void()> on_input)
      : context_(&context), descriptor_(loop, context.c.fd), on_input_(std::move(on_input)) {}

  void want_read(bool wanted) {
    read_wanted_ = wanted;
    if (wanted && !reading_) wait_read();
  }
  void want_write(bool wanted) {
    write_wanted_ = wanted;
    if (!wanted || writing_) return;
    if ((context_->c.flags & REDIS_CONNECTED) != 0) {
      try_write();
    } else {
      wait_write();  // that it is connected
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
  /// Behind what is queued by now. There is room in the socket nearly always: to be told so costs a
  /// batch several calls of the kernel.
  void try_write() {
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
  /// hiredis may free the context meanwhile.
  void ready_to_read() {
    if (context_ == nullptr || !read_wanted_) return;
    on_input_();
    redisAsyncHandleRead(context_);
    if (context_ != nullptr && read_wanted_ && !reading_) wait_read();
  }
  void ready_to_write() {
    if (context_ == nullptr || !write_wanted_) return;
    writing_ = true;  // what hiredis wants meanwhile is what it could not write
    redisAsyncHandleWrite(context_);
    writing_ = false;
    if (context_ != nullptr && write_wanted_) wait_write();
  }

  redisAsyncContext* context_;  ///< null: it is gone
  Descriptor descriptor_;
  const std::function<void()> on_input_;
  bool read_wanted_ = false;
  bool write_wanted_ = false;
  bool reading_ = false;  ///< a wait is under way
  bool writing_ = false;  ///< likewise, or a try
};

using EventsPtr = std::shared_ptr<Events>;

Events& events_of(void* data) {
  return **static_cast<EventsPtr*>(data);
}

/// The context is being freed, and closes its socket after this.
void clean_up(void* data) {
  const std::unique_ptr<EventsPtr> held(static_cast<EventsPtr*>(data));
  (*held)->end();
}

}  // namespace

void watch_events(redisAsyncContext& context, asio::io_context& loop,
                  std::function<void()> on_input) {
  auto held = std::make_unique<EventsPtr>(std::make_shared<Events>(context, loop, std::move(on_input)));
  context.ev.data = held.release();
  context.ev.addRead = [](void* data) { events_of(data).want_read(true); };
  context.ev.delRead = [](void* data) { events_of(data).want_read(false); };
  context.ev.addWrite = [](void* data) { events_of(data).want_write(true); };
  context.ev.delWrite = [](void* data) { events_of(data).want_write(false); };
  context.ev.cleanup = clean_up;
}

}  // namespace signaller::persist
