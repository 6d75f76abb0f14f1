#include "net/fanout/fanout.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace signaller::net {
namespace {

constexpr std::size_t SpareOutboxes = 256;
/// An outbox with more bytes than this is written before the end of the turn.
constexpr std::size_t EarlyWriteBytes = 256UL * 1024;

}  // namespace

Fanout::Fanout(Wire& wire, OutboxLimits limits, HeldBytes& total)
    : wire_(wire), limits_(limits), total_(total), own_(std::make_shared<Batch>(total)) {
  own_->mixed_receivers = true;
}

Fanout::Topic* Fanout::find(port::TopicId topic) const {
  const auto index = static_cast<std::size_t>(topic);
  return index < topics_.size() ? topics_[index].get() : nullptr;
}

Fanout::Topic& Fanout::make(port::TopicId topic) {
  const auto index = static_cast<std::size_t>(topic);
  if (index >= topics_.size()) topics_.resize(index + 1);
  if (!topics_[index]) {
    topics_[index] = std::make_unique<Topic>();
    topics_[index]->id = topic;
  }
  return *topics_[index];
}

BatchPtr& Fanout::batch_of(Variant& variant) {
  if (!variant.batch) variant.batch = std::make_shared<Batch>(total_);
  return variant.batch;
}

Fanout::TopicEntry& Fanout::subscriber(const Subscription& subscription) {
  return find(subscription.topic)->variants[subscription.variant].subscribers[subscription.index];
}

bool Fanout::has_subscribers(port::TopicId topic) const {
  const Topic* found = find(topic);
  if (found == nullptr) return false;
  return std::any_of(found->variants.begin(), found->variants.end(),
                     [](const Variant& variant) { return !variant.subscribers.empty(); });
}

/// The index of a variant. Adds the variant if the topic does not have it. Searches linearly,
/// because topics have few variants.
std::uint8_t Fanout::variant_of(Topic& topic, port::Form form, bool quiet) {
  const auto found =
      std::find_if(topic.variants.begin(), topic.variants.end(),
                   [&](const Variant& one) { return one.form == form && one.quiet == quiet; });
  const auto place = static_cast<std::uint8_t>(found - topic.variants.begin());
  if (found == topic.variants.end()) topic.variants.push_back({form, quiet, nullptr, {}});
  return place;
}

void Fanout::subscribe(Subscriber& link, port::TopicId topic, port::Form form, bool quiet) {
  if (form >= port::FormCount) throw std::out_of_range("the number of the form is too large");
  unsubscribe(link, topic);
  Topic& place = make(topic);
  const std::uint8_t number = variant_of(place, form, quiet);
  Variant& variant = place.variants[number];
  const auto taken = static_cast<std::uint32_t>(variant.batch ? variant.batch->count() : 0);
  link.subscriptions.push_back(
      {topic, static_cast<std::uint32_t>(variant.subscribers.size()), number});
  variant.subscribers.push_back({&link, turn_, taken});
}

void Fanout::unsubscribe(Subscriber& link, port::TopicId topic) {
  const auto found = std::find_if(link.subscriptions.begin(), link.subscriptions.end(),
                                  [topic](const Subscription& s) { return s.topic == topic; });
  if (found == link.subscriptions.end()) return;
  take(link);
  Topic& place = *find(topic);
  remove_subscriber(place, *found);
  *found = link.subscriptions.back();
  link.subscriptions.pop_back();
  release_if_unused(place);
}

void Fanout::unsubscribe_all(Subscriber& link) {
  take(link);
  for (const Subscription& subscription : link.subscriptions) {
    Topic& topic = *find(subscription.topic);
    remove_subscriber(topic, subscription);
    release_if_unused(topic);
  }
  link.subscriptions.clear();
  link.subscriptions.shrink_to_fit();
}

/// Moves the last subscriber to the index that becomes free.
void Fanout::remove_subscriber(Topic& topic, const Subscription& subscription) {
  auto& subscribers = topic.variants[subscription.variant].subscribers;
  const std::uint32_t hole = subscription.index;
  if (hole + 1 != subscribers.size()) {
    subscribers[hole] = subscribers.back();
    for (Subscription& moved : subscribers[hole].link->subscriptions) {
      if (moved.topic == topic.id) moved.index = hole;
    }
  }
  subscribers.pop_back();
}

void Fanout::release_if_unused(Topic& topic) {
  if (topic.dirty || has_subscribers(topic.id)) return;
  topics_[static_cast<std::size_t>(topic.id)].reset();
}

void Fanout::publish(port::TopicId topic, const Publication& message) {
  Topic* place = find(topic);
  if (place == nullptr) return;
  Frame about;
  about.order = ++order_;
  about.sender = message.except != nullptr ? message.except->slot : NoSender;
  about.lane = static_cast<port::Lane>(topic);
  about.frame_class = message.frame_class;
  bool any = false;
  for (Variant& variant : place->variants) {
    if (variant.subscribers.empty()) continue;
    if (variant.quiet && message.frame_class == port::FrameClass::Presence) continue;
    const port::Bytes& text = message.forms[variant.form];
    if (!text) continue;  // no receiver other than `except` uses this form
    batch_of(variant)->append(message.opcode, *text, about);
    any = true;
  }
  if (!any) return;
  if (message.except != nullptr) message.except->own_turn = turn_;
  if (!place->dirty) {
    place->dirty = true;
    dirty_topics_.push_back(place);
  }
}

void Fanout::publish_union(const std::vector<port::TopicId>& topics, const Publication& message) {
  if (topics.size() == 1) return publish(topics.front(), message);
  ++union_stamp_;
  constexpr std::uint32_t None = 0xffffffff;
  std::array<std::uint32_t, port::FormCount> frame_of{};
  frame_of.fill(None);
  for (const port::TopicId id : topics) {
    Topic* topic = find(id);
    if (topic == nullptr) continue;
    for (const Variant& variant : topic->variants) {
      const port::Bytes& text = message.forms[variant.form];
      const bool unwanted = variant.quiet && message.frame_class == port::FrameClass::Presence;
      if (unwanted || !text) continue;
      for (const TopicEntry& subscriber : variant.subscribers) {
        Subscriber& link = *subscriber.link;
        if (link.union_stamp == union_stamp_ || &link == message.except) continue;
        link.union_stamp = union_stamp_;
        std::uint32_t& frame = frame_of[variant.form];
        if (frame == None) {
          frame = append_own(*text, {message.opcode, message.frame_class, 0, false});
        }
        take(link);
        put(link, own_, frame, frame + 1);
      }
    }
  }
}

std::uint32_t Fanout::append_own(std::string_view text, const LineOptions& options) {
  Frame about;
  about.order = ++order_;
  about.lane = options.lane;
  about.frame_class = options.frame_class;
  const auto number = static_cast<std::uint32_t>(own_->count());
  if (options.raw) {
    own_->append_raw(text, about);
  } else {
    own_->append(options.opcode, text, about);
  }
  return number;
}

void Fanout::send(Subscriber& link, std::string_view text, const LineOptions& options) {
  if (link.closed) return;
  take(link);
  const std::uint32_t frame = append_own(text, options);
  put(link, own_, frame, frame + 1);
}

void Fanout::send_last(Subscriber& link, std::string_view text, const LineOptions& options) {
  take(link);
  link.closed = true;
  const std::uint32_t frame = append_own(text, options);
  Outbox& outbox = outbox_of(link);
  // Ignores whether a bound was exceeded: the subscriber gets no frame after this one anyway.
  outbox.append(own_, frame, frame + 1, limits_);
  if (!outbox.backlogged()) mark_dirty(link);
}

/// Moves the pending frames of the subscriber's topics into its outbox, in the order of publishing.
void Fanout::take(Subscriber& link) {
  if (dirty_topics_.empty()) return;
  if (link.subscriptions.size() != 1) return take_merged(link);
  const Subscription& only = link.subscriptions.front();
  const Variant& variant = find(only.topic)->variants[only.variant];
  if (!variant.batch) return;
  TopicEntry& place = subscriber(only);
  const std::uint32_t first = place.turn == turn_ ? place.taken : 0;
  const auto last = static_cast<std::uint32_t>(variant.batch->count());
  place.turn = turn_;
  place.taken = last;
  if (first < last) take_range(link, variant.batch, first, last);
}

void Fanout::take_merged(Subscriber& link) {
  merged_.clear();
  for (const Subscription& subscription : link.subscriptions) {
    const Topic& topic = *find(subscription.topic);
    const Variant& variant = topic.variants[subscription.variant];
    if (!topic.dirty || !variant.batch) continue;
    TopicEntry& place = subscriber(subscription);
    const std::uint32_t first = place.turn == turn_ ? place.taken : 0;
    const auto last = static_cast<std::uint32_t>(variant.batch->count());
    place.turn = turn_;
    place.taken = last;
    for (std::uint32_t i = first; i < last; ++i) {
      merged_.push_back({variant.batch->frames()[i].order, i, &variant.batch});
    }
  }
  std::sort(merged_.begin(), merged_.end(),
            [](const Pending& a, const Pending& b) { return a.order < b.order; });
  for (std::size_t i = 0; i < merged_.size();) {
    std::size_t end = i + 1;
    while (end < merged_.size() && merged_[end].batch == merged_[i].batch &&
           merged_[end].frame == merged_[end - 1].frame + 1) {
      ++end;
    }
    take_range(link, *merged_[i].batch, merged_[i].frame, merged_[end - 1].frame + 1);
    i = end;
  }
}

/// As put(), but without the frames that this subscriber sent.
void Fanout::take_range(Subscriber& link, const BatchPtr& batch, std::uint32_t first,
                        std::uint32_t last) {
  if (link.own_turn != turn_) return put(link, batch, first, last);
  while (first < last) {
    std::uint32_t end = first;
    while (end < last && batch->frames()[end].sender != link.slot) ++end;
    if (first < end) put(link, batch, first, end);
    first = end + 1;
  }
}

void Fanout::put(Subscriber& link, const BatchPtr& batch, std::uint32_t first, std::uint32_t last) {
  if (link.closed) return;
  Outbox& outbox = outbox_of(link);
  const Appended appended = outbox.append(batch, first, last, limits_);
  counts_.deliveries += last - first - appended.shed;
  counts_.shed += appended.shed;
  if (outbox.backlogged()) {
    const bool all_full = total_ > limits_.process;
    const Bound passed =
        appended.passed == Bound::None && all_full ? Bound::Process : appended.passed;
    // Pings have no bounds: a ping of the server must not close a reader whose partly written frame
    // is larger than a bound, as an echoed message can be.
    const bool judged = batch->frames()[first].lane != PingLane;
    if (passed != Bound::None && judged) give_up(link, passed);
    return;
  }
  mark_dirty(link);
  if (outbox.bytes() > EarlyWriteBytes) write_outbox(link);
}

void Fanout::give_up(Subscriber& link, Bound passed) {
  ++counts_.too_slow;
  link.closed = true;
  link.passed = passed;
  drop_waiting(link);
  wire_.too_slow(link);
}

void Fanout::break_off(Subscriber& link) {
  link.closed = true;
  link.tell_drained = false;
  release_outbox(link);
  wire_.broken(link);
}

void Fanout::drop_waiting(Subscriber& link) {
  if (link.outbox) link.outbox->drop_waiting();
}

Outbox& Fanout::outbox_of(Subscriber& link) {
  if (!link.outbox) {
    if (spare_outboxes_.empty()) {
      link.outbox = std::make_unique<Outbox>();
    } else {
      link.outbox = std::move(spare_outboxes_.back());
      spare_outboxes_.pop_back();
    }
  }
  return *link.outbox;
}

void Fanout::release_outbox(Subscriber& link) {
  if (!link.outbox) return;
  link.outbox->reset();
  if (spare_outboxes_.size() < SpareOutboxes) spare_outboxes_.push_back(std::move(link.outbox));
  link.outbox.reset();
}

void Fanout::mark_dirty(Subscriber& link) {
  if (link.dirty) return;
  link.dirty = true;
  dirty_links_.push_back(&link);
}

void Fanout::writable(Subscriber& link) {
  if (link.outbox) write_outbox(link);
}

void Fanout::forget(Subscriber& link) {
  unsubscribe_all(link);
  if (link.dirty)
    std::replace(dirty_links_.begin(), dirty_links_.end(), &link,
                 static_cast<Subscriber*>(nullptr));
  release_outbox(link);
}

}  // namespace signaller::net
