// hiredis on an Asio loop: what its adapters for other loops do.
#pragma once

#include <hiredis/async.h>

#include <asio/io_context.hpp>
#include <functional>

namespace signaller::persist {

/// Lets hiredis read and write whenever its socket is ready. Once, right after the context was made
/// without an error; it ends with the context. Both belong to the loop's thread.
/// @param on_input  before something that came is read, be it a part of a reply: a long one takes
///                  its time
void watch_events(redisAsyncContext& context, asio::io_context& loop,
                  std::function<void()> on_input);

}  // namespace signaller::persist
