// Effects: values that the pure core returns. The edge carries them out, in order.
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
#include "port/http.hpp"
#include "port/ids.hpp"
#include "port/records.hpp"

namespace signaller::port {

/// How an outbox treats a frame when its reader is too slow (docs/architecture.rst, "Outboxes").
enum class FrameClass : std::uint8_t {
  Chat,      ///< never dropped, kept in order; more bytes than the bound close the reader (3008)
  Signal,    ///< never dropped; overtakes the frames that wait in other lanes
  Danmaku,   ///< dropped and counted when the reader is behind
  Presence,  ///< as Chat, but not sent to `quiet` subscriptions
};

/// An encoding of a message, such as plain or with tags. Each receiver uses one form. Each protocol
/// numbers its forms from 0. A form that no subscriber of a topic uses costs that topic nothing.
using Form = std::uint8_t;
constexpr std::size_t FormCount = 4;

/// The payload of one message, without a frame header. Immutable, so that shards can share it. A
/// shared_ptr, because the payload crosses threads and any reader may be the last one.
using Bytes = std::shared_ptr<const std::string>;

/// The same message in each form that some receiver uses. The other forms are null.
using Forms = std::array<Bytes, FormCount>;

/// One line to one connection.
struct Send {
  ConnectionId to;
  std::string text;
  FrameClass frame_class = FrameClass::Chat;
  Lane lane = 0;
  /// True: the protocol has more to send. The edge calls on_drain when this line has been written,
  /// and does not call on_text for the connection before.
  bool more = false;
  bool binary = false;  ///< a binary message, not text
};

/// One line to every subscriber of a topic.
struct Publish {
  TopicId topic = TopicId::None;
  Forms forms;
  FrameClass frame_class = FrameClass::Chat;
  ConnectionId except;
  bool binary = false;  ///< binary messages instead of text
};

/// One line, sent once to each connection that is subscribed to at least one of the topics.
struct PublishUnion {
  std::vector<TopicId> topics;
  Forms forms;
  FrameClass frame_class = FrameClass::Presence;
  ConnectionId except;
  bool binary = false;  ///< binary messages instead of text
};

/// The connection receives every later publish of the topic. A second subscription replaces the
/// first one.
struct Subscribe {
  ConnectionId who;
  TopicId topic = TopicId::None;
  Form form = 0;
  bool quiet = false;  ///< receives no frames of class Presence
};

struct Unsubscribe {
  ConnectionId who;
  TopicId topic = TopicId::None;
};

/// Sends the pending frames, then a close frame. on_close follows, as after any other end of a
/// connection.
struct Close {
  ConnectionId who;
  std::uint16_t code = 1000;
  std::string reason;  ///< at most 123 bytes of UTF-8; a longer one is cut
};

/// The largest message that the connection may send from now on, in bytes. A larger message closes
/// the connection with 1009.
struct FrameLimit {
  ConnectionId who;
  std::size_t bytes = 0;
};

/// Calls on_tick at or soon after `steady_ms`. Of several Wakes only the earliest one counts.
struct Wake {
  std::int64_t steady_ms = 0;
};

/// Hands a batch to the store; on_stored answers with `token`. A protocol has one batch in progress
/// at a time: a second one is answered with `ok` false.
struct Persist {
  std::vector<Record> records;
  std::uint64_t token = 0;
};

/// Checks a password against an argon2id string, on a worker thread; on_verified answers with
/// `token`. If the queue is full, on_verified comes at once, with `busy`.
struct Verify {
  std::uint64_t token = 0;
  std::string hash;
  std::string password;
  /// true: the address had no check for a while, so this check is done before others
  bool first = false;
  std::string address{};  ///< IP address of the client, for the log
};

/// Stops on_text for the connection until a Release. A protocol that waits for an answer holds the
/// connection, so that its commands are answered in order. Meanwhile the edge reads as little as
/// possible from the connection.
struct Hold {
  ConnectionId who;
};
struct Release {
  ConnectionId who;
};

enum class QueryKind : std::uint8_t {
  Statistics,  ///< the counters of the edge
  Reload,      ///< reads the configuration again and applies every change that it can apply
};

/// Asks the edge; on_query_result answers with `token`, in a later call.
struct Query {
  std::uint64_t token = 0;
  QueryKind question = QueryKind::Statistics;
};

/// Writes an entry to the audit log, which is separate from the server's log. The entry contains no
/// secrets.
struct Audit {
  AuditRecord record;
};

/// A range of addresses that may not connect.
struct BannedRange {
  AddressRange range;
  std::string text;           ///< the reason that the client receives
  std::int64_t until_ms = 0;  ///< Unix; 0: no end
};

/// Replaces the list of banned ranges. The edge refuses connections from these ranges before it
/// reads from them. The protocol also checks each connection, because the edge may have accepted
/// one before the list arrived. A shared_ptr, because the list is long and crosses threads.
struct BanList {
  std::shared_ptr<const std::vector<BannedRange>> list;
};

/// Answers an on_http, or refuses an on_upgrade. A second answer to the same request is dropped and
/// counted. 204, 205 and 304 are sent without a body.
struct Respond {
  RequestId to;
  int status = 200;
  std::string content_type;
  std::string body;
  ResponseHeaders headers{};
};

/// Answers an on_upgrade: the WebSocket connection opens, and on_open follows.
struct AcceptUpgrade {
  ConnectionId who;
  ResponseHeaders headers{};  ///< headers of the 101 response
};

using Effect =
    std::variant<Send, Publish, PublishUnion, Subscribe, Unsubscribe, Close, FrameLimit, Wake,
                 Persist, Verify, Hold, Release, Query, Audit, BanList, Respond, AcceptUpgrade>;

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
