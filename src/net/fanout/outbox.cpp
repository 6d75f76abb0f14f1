#include "net/fanout/outbox.hpp"

#include <utility>

namespace signaller::net {
namespace {

using port::FrameClass;

std::size_t index_of(FrameClass frame_class) {
  switch (frame_class) {
    case FrameClass::Chat:
    case FrameClass::Presence:
      return 0;
    case FrameClass::Signal:
      return 1;
    case FrameClass::Danmaku:
      return 2;
  }
  return 0;
}

void extend(std::deque<Outbox::Range>& queue, const BatchPtr& batch, std::uint32_t first,
            std::uint32_t last) {
  if (!queue.empty() && queue.back().batch == batch && queue.back().last == first) {
    queue.back().last = last;
  } else {
    queue.push_back({batch, first, last});
  }
}

void gather_range(const Outbox::Range& range, std::size_t skip, iovec* out, int& used) {
  const std::string_view bytes = range.batch->bytes(range.first, range.last).substr(skip);
  // iovec has no const. The kernel only reads.
  out[used].iov_base = const_cast<char*>(bytes.data());  // NOLINT
  out[used].iov_len = bytes.size();
  ++used;
}

std::string text_of(std::string_view key, std::size_t bytes, std::string_view whom) {
  std::string text = "too slow: more than ";
  text.append(key)
      .append(" (")
      .append(std::to_string(bytes))
      .append(" bytes) of unread data waits for ");
  return text.append(whom);
}

}  // namespace

std::string too_slow_text(Bound passed, const OutboxLimits& limits) {
  switch (passed) {
    case Bound::None:
    case Bound::All:
      break;
    case Bound::Chat:
      return text_of("outbox.chat", limits.chat, "you");
    case Bound::Signals:
      return text_of("outbox.signals", limits.signals, "you");
    case Bound::Process:
      return text_of("outbox.process", limits.process, "all readers");
  }
  return text_of("outbox.all", limits.all, "you");
}

std::size_t& Outbox::count(FrameClass frame_class) {
  return bytes_[index_of(frame_class)];
}

std::size_t Outbox::bytes(FrameClass frame_class) const {
  return bytes_[index_of(frame_class)];
}

std::size_t Outbox::bytes() const {
  return bytes_[0] + bytes_[1] + bytes_[2];
}

bool Outbox::empty() const {
  return !under_way_.batch && urgent_.empty() && ordered_.empty();
}

Appended Outbox::append(const BatchPtr& batch, std::uint32_t first, std::uint32_t last,
                        const OutboxLimits& limits) {
  Appended result;
  const auto& frames = batch->frames();
  if (!backlogged_) {
    for (std::uint32_t i = first; i < last; ++i) count(frames[i].frame_class) += frames[i].length;
    if (first < last) extend(ordered_, batch, first, last);
    return result;
  }
  for (std::uint32_t i = first; i < last; ++i) {
    const Frame& frame = frames[i];
    if (frame.frame_class == FrameClass::Danmaku &&
        bytes_[index_of(FrameClass::Danmaku)] + frame.length > limits.danmaku) {
      ++result.shed;
      continue;
    }
    count(frame.frame_class) += frame.length;
    wait(batch, i);
  }
  shed_ += result.shed;
  result.passed = passed(limits);
  return result;
}

Bound Outbox::passed(const OutboxLimits& limits) const {
  if (bytes(FrameClass::Chat) > limits.chat) return Bound::Chat;
  if (bytes(FrameClass::Signal) > limits.signals) return Bound::Signals;
  return bytes() > limits.all ? Bound::All : Bound::None;
}

/// Queues one frame in a backlogged outbox.
void Outbox::wait(const BatchPtr& batch, std::uint32_t frame) {
  BatchPtr kept = batch;
  copy_out(kept, frame);
  const Frame& about = kept->frames()[frame];
  if (about.frame_class == FrameClass::Signal) {
    promote_lane(about.lane);
    extend(urgent_, kept, frame, frame + 1);
  } else {
    extend(ordered_, kept, frame, frame + 1);
    ++lanes_[about.lane];
  }
  kept->hold();
}

/// Copies a frame, so that a slow reader does not keep a whole batch of other receivers' frames in
/// memory.
void Outbox::copy_out(BatchPtr& batch, std::uint32_t& frame) {
  if (!batch->mixed_receivers) return;
  constexpr std::size_t Enough = 64UL * 1024;
  if (!copies_ || copies_->size() > Enough) copies_ = std::make_shared<Batch>(batch->total());
  copies_->append_copy(*batch, frame);
  batch = copies_;
  frame = static_cast<std::uint32_t>(copies_->count() - 1);
}

/// Moves the frames of the lane to the signals, because a signal must not overtake its own lane.
void Outbox::promote_lane(port::Lane lane) {
  const auto found = lanes_.find(lane);
  if (found == lanes_.end()) return;
  lanes_.erase(found);
  Queue rest;
  for (const Range& range : ordered_) {
    for (std::uint32_t i = range.first; i < range.last; ++i) {
      extend(range.batch->frames()[i].lane == lane ? urgent_ : rest, range.batch, i, i + 1);
    }
  }
  ordered_ = std::move(rest);
}

int Outbox::gather(iovec* out, int capacity) const {
  int used = 0;
  if (under_way_.batch && used < capacity) gather_range(under_way_, written_, out, used);
  for (const Queue* queue : {&urgent_, &ordered_}) {
    for (const Range& range : *queue) {
      if (used == capacity) return used;
      gather_range(range, 0, out, used);
    }
  }
  return used;
}

void Outbox::forget(const Frame& frame, bool ordered) {
  count(frame.frame_class) -= frame.length;
  if (!backlogged_ || !ordered) return;
  const auto lane = lanes_.find(frame.lane);
  if (lane != lanes_.end() && --lane->second == 0) lanes_.erase(lane);
}

void Outbox::consume_queue(Queue& queue, bool ordered, std::size_t& bytes) {
  while (bytes > 0 && !queue.empty()) {
    Range& range = queue.front();
    const Frame& frame = range.batch->frames()[range.first];
    forget(frame, ordered);
    if (bytes < frame.length) {
      under_way_ = {range.batch, range.first, range.first + 1};
      written_ = bytes;
      count(frame.frame_class) += frame.length;
    }
    bytes -= bytes < frame.length ? bytes : frame.length;
    if (++range.first == range.last) queue.pop_front();
  }
}

void Outbox::consume(std::size_t bytes) {
  if (under_way_.batch) {
    const Frame& frame = under_way_.batch->frames()[under_way_.first];
    if (written_ + bytes < frame.length) {
      written_ += bytes;
      return;
    }
    bytes -= frame.length - written_;
    count(frame.frame_class) -= frame.length;
    under_way_ = {};
    written_ = 0;
  }
  consume_queue(urgent_, false, bytes);
  consume_queue(ordered_, true, bytes);
  if (empty()) {
    backlogged_ = false;
    copies_.reset();
  }
}

void Outbox::hold() {
  if (backlogged_) return;
  backlogged_ = true;
  if (under_way_.batch) {
    copy_out(under_way_.batch, under_way_.first);
    under_way_.last = under_way_.first + 1;
    under_way_.batch->hold();
  }
  const Queue waiting = std::exchange(ordered_, {});
  for (const Range& range : waiting) {
    for (auto i = range.first; i < range.last; ++i) wait(range.batch, i);
  }
}

void Outbox::drop_waiting() {
  urgent_.clear();
  ordered_.clear();
  copies_.reset();
  lanes_.clear();
  bytes_ = {};
  if (under_way_.batch) {
    const Frame& frame = under_way_.batch->frames()[under_way_.first];
    count(frame.frame_class) += frame.length;
  } else {
    backlogged_ = false;
  }
}

void Outbox::reset() {
  under_way_ = {};
  written_ = 0;
  urgent_.clear();
  ordered_.clear();
  copies_.reset();
  lanes_.clear();
  bytes_ = {};
  shed_ = 0;
  backlogged_ = false;
}

}  // namespace signaller::net
