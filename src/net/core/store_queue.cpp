#include "net/core/store_queue.hpp"

#include <algorithm>
#include <asio/post.hpp>
#include <utility>

namespace signaller::net {

StoreQueue::StoreQueue(Loop& loop, port::Store* store, std::size_t protocols, OnStored on_stored)
    : loop_(loop), store_(store), on_stored_(std::move(on_stored)), waiting_(protocols) {}

void StoreQueue::save(std::size_t protocol, port::Persist batch) {
  if (store_ == nullptr || waiting_[protocol] || under_way_ == protocol) {
    return answer(protocol, {batch.token, false});
  }
  waiting_[protocol] = std::move(batch);
  start_next();
}

bool StoreQueue::idle() const {
  const auto waits = [](const auto& slot) { return slot.has_value(); };
  return !under_way_ && std::none_of(waiting_.begin(), waiting_.end(), waits);
}

void StoreQueue::start_next() {
  for (std::size_t i = 0; i < waiting_.size() && !under_way_; ++i) {
    const std::size_t protocol = next_;
    next_ = (next_ + 1) % waiting_.size();
    if (!waiting_[protocol]) continue;
    port::Persist batch = std::move(*waiting_[protocol]);
    waiting_[protocol].reset();
    under_way_ = protocol;
    const bool taken = loop_.guarded([&] {
      store_->save(std::move(batch.records), batch.token,
                   [this, protocol](const port::Stored& stored) { post_stored(protocol, stored); });
    });
    if (!taken) post_stored(protocol, {batch.token, false});
  }
}

/// Answers in a later handler, because the store or the protocol is on the call stack.
void StoreQueue::post_stored(std::size_t protocol, const port::Stored& stored) {
  asio::post(loop_.context(), [this, protocol, stored] {
    under_way_.reset();
    start_next();  // first the store gets its next batch, then the protocol its answer
    on_stored_(protocol, stored);
  });
}

/// Answers in a later handler, as the store does, because the protocol is on the call stack.
void StoreQueue::answer(std::size_t protocol, const port::Stored& stored) {
  asio::post(loop_.context(), [this, protocol, stored] { on_stored_(protocol, stored); });
}

}  // namespace signaller::net
