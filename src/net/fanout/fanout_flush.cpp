// The end of a turn: writes the pending frames.
#include <array>

#include "net/fanout/fanout.hpp"

namespace signaller::net {
namespace {

constexpr int PartsInOneWrite = 64;

}  // namespace

void Fanout::flush() {
  const bool single = dirty_topics_.size() == 1;
  for (const Topic* topic : dirty_topics_) {
    for (Variant& variant : find(topic->id)->variants) flush_variant(*topic, variant, single);
  }
  for (std::size_t i = 0; i < dirty_links_.size(); ++i) {
    Subscriber* link = dirty_links_[i];
    if (link == nullptr) continue;
    link->dirty = false;
    if (link->outbox && !link->outbox->backlogged()) write_outbox(*link);
  }
  dirty_links_.clear();
  recycle();
  order_ = 0;
  ++turn_;
}

/// Reuses batches to which no outbox refers. Other batches live as long as the outboxes that refer
/// to them.
void Fanout::recycle() {
  for (Topic* topic : dirty_topics_) {
    for (Variant& variant : topic->variants) {
      if (!variant.batch) continue;
      if (variant.batch.use_count() > 1) {
        variant.batch.reset();
      } else {
        variant.batch->clear();
      }
    }
    topic->dirty = false;
    release_if_unused(*topic);
  }
  dirty_topics_.clear();
  if (own_.use_count() > 1) {
    own_ = std::make_shared<Batch>(total_);
    own_->mixed_receivers = true;
  } else if (own_->count() > 0) {
    own_->clear();
  }
}

/// The hot loop: one write for each subscriber that has no other frames to get.
void Fanout::flush_variant(const Topic& topic, Variant& variant, bool single) {
  if (!variant.batch || variant.batch->count() == 0 || !topic.dirty) return;
  constexpr std::size_t Ahead = 8;
  const BatchPtr batch = variant.batch;
  auto& subscribers = variant.subscribers;
  for (std::size_t i = 0; i < subscribers.size(); ++i) {
    if (i + Ahead < subscribers.size()) __builtin_prefetch(subscribers[i + Ahead].link);
    const TopicEntry& place = subscribers[i];
    Subscriber& link = *place.link;
    const bool plain = !link.outbox && link.own_turn != turn_ && place.turn != turn_ &&
                       (single || link.subscriptions.size() == 1);
    if (plain && !link.closed) {
      write_whole(link, batch);
    } else {
      take(link);
    }
  }
}

void Fanout::write_whole(Subscriber& link, const BatchPtr& batch) {
  const std::string_view bytes = batch->bytes(0, batch->count());
  // NOLINT: the system call only reads
  const iovec part{const_cast<char*>(bytes.data()), bytes.size()};
  const std::ptrdiff_t written = wire_.write(link, &part, 1);
  ++counts_.writes;
  if (written == static_cast<std::ptrdiff_t>(bytes.size())) {
    counts_.deliveries += batch->count();
    return;
  }
  if (written < 0) return break_off(link);
  Outbox& outbox = outbox_of(link);
  outbox.append(batch, 0, static_cast<std::uint32_t>(batch->count()), limits_);
  counts_.deliveries += batch->count();
  if (written > 0) outbox.consume(static_cast<std::size_t>(written));
  outbox.hold();
  wire_.want_writable(link);
}

void Fanout::write_outbox(Subscriber& link) {
  std::array<iovec, PartsInOneWrite> parts;
  while (!link.outbox->empty()) {
    const int count = link.outbox->gather(parts.data(), PartsInOneWrite);
    std::size_t wanted = 0;
    for (int i = 0; i < count; ++i) wanted += parts[static_cast<std::size_t>(i)].iov_len;
    const std::ptrdiff_t written = wire_.write(link, parts.data(), count);
    ++counts_.writes;
    if (written < 0) return break_off(link);
    if (written > 0) link.outbox->consume(static_cast<std::size_t>(written));
    if (static_cast<std::size_t>(written) < wanted) {
      link.outbox->hold();
      return wire_.want_writable(link);
    }
  }
  release_outbox(link);
  if (link.tell_drained) {
    link.tell_drained = false;
    wire_.drained(link);
  }
}

}  // namespace signaller::net
