// What must happen, as values: the pure core returns these, the edge carries them out, in order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "port/address.hpp"
#include "port/ids.hpp"
#include "port/records.hpp"

namespace signaller::port {

/// How a frame is treated when its receiver is too slow (docs/architecture.rst, "Outboxes").
enum class FrameClass : std::uint8_t {
  Chat,      ///< never dropped, in order; too much of it closes the reader (3008)
  Signal,    ///< never dropped, and ahead of what waits in other lanes
  Danmaku,   ///< skipped and counted when the reader is behind
  Presence,  ///< as chat, but not for subscriptions that asked for `quiet`
};

/// Which bytes a receiver is sent. A protocol numbers its own encoders, from 0. A form that no
/// subscriber of a topic uses costs that topic nothing.
using Form = std::uint8_t;
constexpr std::size_t FormCount = 4;

/// The payload of one message, without a frame header: immutable, so shards share it.
/// shared_ptr because it crosses threads and the last reader is not known.
using Bytes = std::shared_ptr<const std::string>;

/// The same line in each form that some receiver needs; the others are null.
using Forms = std::array<Bytes, FormCount>;

/// One line to one connection.
struct Send {
  ConnectionId to;
  std::string text;
  FrameClass frame_class = FrameClass::Chat;
  Lane lane = 0;
  /// More follows once this has been written: on_drain comes then, and no on_text before it.
  bool more = false;
  bool binary = false;  ///< a binary message, not text
};

/// One line to every subscriber of a topic.
struct Publish {
  TopicId topic = TopicId::None;
  Forms forms;
  FrameClass frame_class = FrameClass::Chat;
  ConnectionId except;
  bool binary = false;  ///< binary messages, not text
};

/// One line, once, to each connection that is subscribed to at least one of the topics.
struct PublishUnion {
  std::vector<TopicId> topics;
  Forms forms;
  FrameClass frame_class = FrameClass::Presence;
  ConnectionId except;
  bool binary = false;  ///< binary messages, not text
};

/// From here on the connection gets what is published. Subscribing twice: the newer one counts.
struct Subscribe {
  ConnectionId who;
  TopicId topic = TopicId::None;
  Form form = 0;
  bool quiet = false;  ///< no frames of class Presence
};

struct Unsubscribe {
  ConnectionId who;
  TopicId topic = TopicId::None;
};

/// Sends what is pending, then a close frame. on_close follows, as for any other end.
struct Close {
  ConnectionId who;
  std::uint16_t code = 1000;
  std::string reason;  ///< at most 123 bytes of UTF-8; a longer one is cut
};

/// From now on the connection may send messages of so many bytes (1009 above).
struct FrameLimit {
  ConnectionId who;
  std::size_t bytes = 0;
};

/// on_tick at or soon after `steady_ms`. Only the earliest one counts.
struct Wake {
  std::int64_t steady_ms = 0;
};

/// Hands a batch to the store; on_stored comes with `token`.
struct Persist {
  std::vector<Record> records;
  std::uint64_t token = 0;
};

/// Checks a password against an argon2id string, on the one worker thread; on_verified comes
/// with `token`. A full queue answers at once, with `busy`.
struct Verify {
  std::uint64_t token = 0;
  std::string hash;
  std::string password;
  bool first = false;  ///< of its address for a while: it goes before those that are not
};

/// No on_text from the connection before a Release: an answer from elsewhere is awaited, and its
/// commands are answered in order. What it says meanwhile waits unread as far as possible.
struct Hold {
  ConnectionId who;
};
struct Release {
  ConnectionId who;
};

enum class QueryKind : std::uint8_t {
  Statistics,  ///< what the edge has counted
  Reload,      ///< reads the configuration anew and applies what can be applied
};

/// Asks the edge; on_answer comes with `token`, in an input of its own.
struct Query {
  std::uint64_t token = 0;
  QueryKind question = QueryKind::Statistics;
};

/// A line of the audit log, which is a log of its own. Holds no secrets.
struct Audit {
  AuditRecord record;
};

/// Whoever is connected from there is not wanted.
struct BannedRange {
  AddressRange range;
  std::string text;           ///< why, as the client is told
  std::int64_t until_ms = 0;  ///< Unix; 0: for ever
};

/// From now on these may not connect, and no others: the edge refuses them before anything is read
/// from them. Replaces what was sent before. What comes is judged by the protocol all the same: it
/// may have been under way.
/// shared_ptr because the list is long and crosses threads.
struct BanList {
  std::shared_ptr<const std::vector<BannedRange>> list;
};

/// Answers an on_http.
struct Respond {
  ConnectionId to;
  int status = 200;
  std::string content_type;
  std::string body;
};

using Effect = std::variant<Send, Publish, PublishUnion, Subscribe, Unsubscribe, Close, FrameLimit,
                            Wake, Persist, Verify, Hold, Release, Query, Audit, BanList, Respond>;

/// A list of effects that is built by appending.
class Effects {
 public:
  Effects() = default;
  Effects(Effect effect) { list_.push_back(std::move(effect)); }  // NOLINT: meant to convert

  template <class E>
  Effects& add(E&& effect) {
    list_.emplace_back(std::forward<E>(effect));
    return *this;
  }
  Effects& operator+=(Effects&& other) {
    if (list_.empty()) {
      list_ = std::move(other.list_);
    } else {
      for (auto& effect : other.list_) list_.push_back(std::move(effect));
    }
    return *this;
  }

  [[nodiscard]] bool empty() const { return list_.empty(); }
  [[nodiscard]] std::size_t size() const { return list_.size(); }
  auto begin() { return list_.begin(); }
  auto end() { return list_.end(); }
  [[nodiscard]] auto begin() const { return list_.begin(); }
  [[nodiscard]] auto end() const { return list_.end(); }

 private:
  std::vector<Effect> list_;
};

}  // namespace signaller::port
