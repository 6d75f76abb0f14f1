// The topics, batches and outboxes of one shard live in this folder: messages published in a turn
// are written at its end. No reading, HTTP or TLS belongs here; a Wire makes the writes.
// Everything runs on the shard's thread, except the count of all outboxes' bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "net/fanout/subscriber.hpp"

namespace signaller::net {

/// Counters of one shard since the start. Read them on the shard's thread.
struct FanoutCounts {
  std::uint64_t deliveries = 0;  ///< frames written to subscribers, or put into their outboxes
  std::uint64_t writes = 0;      ///< calls of Wire::write
  std::uint64_t shed = 0;        ///< danmaku frames that were dropped
  std::uint64_t too_slow = 0;    ///< subscribers that were closed because they were too slow
};

/// How a message is sent to one subscriber.
struct LineOptions {
  Opcode opcode = Opcode::Text;
  port::FrameClass frame_class = port::FrameClass::Chat;
  port::Lane lane = 0;
  bool raw = false;  ///< true: the bytes are sent without a frame
};

/// One message for the subscribers of a topic, in the forms that they need.
struct Publication {
  const port::Forms& forms;
  port::FrameClass frame_class = port::FrameClass::Chat;
  Subscriber* except = nullptr;  ///< a subscriber of this shard that must not get the message
  Opcode opcode = Opcode::Text;
};

/// Sends published messages to the subscribers of topics. Within a turn, each subscriber gets its
/// frames in the order of the calls, whatever their topics. A subscriber gets nothing that was
/// published before it subscribed or after it unsubscribed. All calls come from the shard's thread;
/// subscribers must outlive their subscriptions.
class Fanout {
 public:
  Fanout(Wire& wire, OutboxLimits limits, HeldBytes& total);

  /// Subscribes to a topic. A second subscription to the same topic replaces the first one.
  /// @throws std::out_of_range  `form` is not below port::FormCount
  void subscribe(Subscriber& link, port::TopicId topic, port::Form form, bool quiet);
  void unsubscribe(Subscriber& link, port::TopicId topic);
  void publish(port::TopicId topic, const Publication& message);
  /// Sends a message once to each connection that subscribes to at least one of the topics.
  void publish_union(const std::vector<port::TopicId>& topics, const Publication& message);
  /// Sends a message to one subscriber; does nothing if the subscriber is closed.
  void send(Subscriber& link, std::string_view text, const LineOptions& options);
  /// Sends the last message, even to a closed subscriber, and closes the subscriber.
  void send_last(Subscriber& link, std::string_view text, const LineOptions& options);
  /// Ends the turn: writes all pending frames.
  void flush();
  /// Call when the socket of the subscriber accepts bytes again.
  void writable(Subscriber& link);
  /// Ends all subscriptions; pending frames stay in the outbox.
  void unsubscribe_all(Subscriber& link);
  /// Drops all waiting frames except a partly written one.
  void drop_waiting(Subscriber& link);
  /// Removes a subscriber that is about to be destroyed.
  void forget(Subscriber& link);

  [[nodiscard]] bool has_subscribers(port::TopicId topic) const;
  [[nodiscard]] bool idle() const { return dirty_topics_.empty() && dirty_links_.empty(); }
  [[nodiscard]] const FanoutCounts& counts() const { return counts_; }
  [[nodiscard]] const OutboxLimits& limits() const { return limits_; }
  /// Sets the limits for all later calls.
  void set_limits(const OutboxLimits& limits) { limits_ = limits; }

 private:
  struct TopicEntry {
    Subscriber* link = nullptr;
    std::uint64_t turn = 0;  ///< the turn for which `taken` is valid
    /// number of frames of this turn's batch that the subscriber already has
    std::uint32_t taken = 0;
  };
  /// Subscribers that get the same bytes.
  struct Variant {
    port::Form form = 0;
    bool quiet = false;  ///< true: the subscribers get no frames of class Presence
    BatchPtr batch;
    std::vector<TopicEntry> subscribers;
  };
  struct Topic {
    port::TopicId id = port::TopicId::None;
    bool dirty = false;
    /// Variants needed so far; their indexes stay valid until the topic is released.
    std::vector<Variant> variants;
  };
  /// A frame that a subscriber has not received yet; used to merge the frames of several topics.
  struct Pending {
    std::uint32_t order = 0;
    std::uint32_t frame = 0;
    const BatchPtr* batch = nullptr;
  };

  Topic* find(port::TopicId topic) const;
  Topic& make(port::TopicId topic);
  static std::uint8_t variant_of(Topic& topic, port::Form form, bool quiet);
  BatchPtr& batch_of(Variant& variant);
  void mark_dirty(Subscriber& link);
  void remove_subscriber(Topic& topic, const Subscription& subscription);
  void release_if_unused(Topic& topic);
  void take(Subscriber& link);
  void take_merged(Subscriber& link);
  void take_range(Subscriber& link, const BatchPtr& batch, std::uint32_t first, std::uint32_t last);
  void put(Subscriber& link, const BatchPtr& batch, std::uint32_t first, std::uint32_t last);
  std::uint32_t append_own(std::string_view text, const LineOptions& options);
  void give_up(Subscriber& link, Bound passed);
  void break_off(Subscriber& link);
  void recycle();
  TopicEntry& subscriber(const Subscription& subscription);
  void flush_variant(const Topic& topic, Variant& variant, bool single);
  void write_whole(Subscriber& link, const BatchPtr& batch);
  void write_outbox(Subscriber& link);
  void release_outbox(Subscriber& link);
  Outbox& outbox_of(Subscriber& link);

  Wire& wire_;
  OutboxLimits limits_;
  HeldBytes& total_;
  std::vector<std::unique_ptr<Topic>> topics_;
  std::vector<Topic*> dirty_topics_;
  std::vector<Subscriber*> dirty_links_;
  std::vector<std::unique_ptr<Outbox>> spare_outboxes_;
  std::vector<Pending> merged_;
  BatchPtr own_;
  std::uint64_t turn_ = 1;
  std::uint32_t order_ = 0;
  std::uint64_t union_stamp_ = 0;
  FanoutCounts counts_;
};

}  // namespace signaller::net
