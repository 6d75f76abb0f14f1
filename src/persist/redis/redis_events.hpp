// Runs hiredis on an Asio loop, like its adapters for other event loops.
#pragma once

#include <hiredis/async.h>

#include <asio/io_context.hpp>
#include <functional>

namespace signaller::persist {

/// Calls hiredis whenever its socket is ready. Call once, right after the context was created
/// without an error. The watcher ends with the context. Both belong to the loop's thread.
/// @param on_input  called before hiredis reads, also for a part of a long reply
void watch_events(redisAsyncContext& context, asio::io_context& loop,
                  std::function<void()> on_input);

}  // namespace signaller::persist
