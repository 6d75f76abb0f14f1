// Topics, batches and outboxes of one shard: what is published in a turn leaves at its end.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "net/fanout/subscriber.hpp"

namespace signaller::net {

/// Counters of one shard, since its start. Read them on the shard's thread.
struct FanoutCounts {
  std::uint64_t deliveries = 0;  ///< frames written to links, or taken into their outboxes
  std::uint64_t writes = 0;      ///< calls of Wire::write
  std::uint64_t shed = 0;        ///< danmaku left out
  std::uint64_t too_slow = 0;    ///< links given up
};

/// How one own line is to be treated.
struct LineOptions {
  Opcode opcode = Opcode::Text;
  port::FrameClass frame_class = port::FrameClass::Chat;
  port::Lane lane = 0;
  bool raw = false;  ///< bytes as they are, without a frame around them
};

/// One message in the forms that its receivers need, for the subscribers of a topic.
struct Publication {
  const port::Forms& forms;
  port::FrameClass frame_class = port::FrameClass::Chat;
  Subscriber* except = nullptr;  ///< a link of this shard that does not get it
  Opcode opcode = Opcode::Text;
};

/// Order: within a turn each link sees its frames in the order of the calls made here, whichever
/// topics they came through. A link gets nothing that was published before it subscribed or after
/// it unsubscribed. All calls on the shard's thread; links must outlive their subscriptions.
class Fanout {
 public:
  Fanout(Wire& wire, OutboxLimits limits, HeldBytes& total);

  /// A second subscription to the same topic replaces the first.
  /// @throws std::out_of_range  `form` is not below port::FormCount
  void subscribe(Subscriber& link, port::TopicId topic, port::Form form, bool quiet);
  void unsubscribe(Subscriber& link, port::TopicId topic);
  void publish(port::TopicId topic, const Publication& message);
  /// Once to each link that is subscribed to one of the topics.
  void publish_union(const std::vector<port::TopicId>& topics, const Publication& message);
  /// One line to one link; ignored if it is closed.
  void send(Subscriber& link, std::string_view text, const LineOptions& options);
  /// The last line of a link: sent even if it is closed; from here on it is closed.
  void send_last(Subscriber& link, std::string_view text, const LineOptions& options);
  /// Writes everything that is pending. The turn ends.
  void flush();
  /// The link takes bytes again.
  void writable(Subscriber& link);
  /// Ends all subscriptions; what was pending for the link stays in its outbox.
  void unsubscribe_all(Subscriber& link);
  /// Drops all waiting frames; the frame under way is still finished.
  void drop_waiting(Subscriber& link);
  /// The link is about to be destroyed: forgets it.
  void forget(Subscriber& link);

  [[nodiscard]] bool has_subscribers(port::TopicId topic) const;
  [[nodiscard]] bool idle() const { return dirty_topics_.empty() && dirty_links_.empty(); }
  [[nodiscard]] const FanoutCounts& counts() const { return counts_; }
  [[nodiscard]] const OutboxLimits& limits() const { return limits_; }
  /// From here on.
  void set_limits(const OutboxLimits& limits) { limits_ = limits; }

 private:
  struct TopicEntry {
    Subscriber* link = nullptr;
    std::uint64_t turn = 0;   ///< in which `taken` counts
    std::uint32_t taken = 0;  ///< frames of this turn's batch that the link already has
  };
  /// The subscribers that get the same bytes.
  struct Variant {
    port::Form form = 0;
    bool quiet = false;  ///< without frames of class Presence
    BatchPtr batch;
    std::vector<TopicEntry> subscribers;
  };
  struct Topic {
    port::TopicId id = port::TopicId::None;
    bool dirty = false;
    std::vector<Variant> variants;  ///< those that somebody needed; places stay until its release
  };
  /// A frame that a link has not got yet, while several topics are put in order.
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
