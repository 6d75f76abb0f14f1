// A small protocol with its own topic. It uses what protocols share: topics, forms, the store, the
// world, limits by address, and effects for another node.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "irc/world.hpp"
#include "port/protocol.hpp"
#include "port/resources.hpp"

namespace signaller::seam {

/// Its clients send one of these:
///   sub FORM          subscribes to the topic
///   pub TEXT          publishes `0:TEXT`, `1:TEXT` … in all forms to the other subscribers
///   bin TEXT          the same as binary messages
///   save N            saves N records of peers; `stored` or `refused` follows
///   charge UNITS      `ok` or `limited`
///   peers #CHANNEL    the nicks of its members
///   shout #CHANNEL TEXT   publishes TEXT to the members
///   away send         sends to the connection of node 1 with the same shard and slot
///   away close, away hold, away except, away except union
///                     other effects that name that connection
///   mark              `mark`
class TopicProtocol final : public port::Protocol {
 public:
  /// @param first_record  the records are numbered from first_record + 1 on. Protocols of one test
  /// get different ranges.
  TopicProtocol(std::string name, const port::Resources& resources, irc::World& world,
                std::uint64_t first_record)
      : name_(std::move(name)),
        path_("/" + name_),
        resources_(resources),
        world_(world),
        topic_(resources.topics.take()),
        last_record_(first_record) {}

  [[nodiscard]] std::vector<port::Endpoint> endpoints() const override {
    return {{name_, path_, "", true, true, false}};
  }
  [[nodiscard]] std::size_t first_frame_limit() const override { return 8'192; }
  [[nodiscard]] port::TopicId topic() const { return topic_; }

  port::Effects on_open(const port::Opened& opened, port::Instant now) override {
    uses_[opened.connection] = &resources_.costs.enter(opened.address, now.steady_ms);
    return {};
  }
  port::Effects on_close(const port::Closed& closed, port::Instant) override {
    port::AddressCosts::leave(*uses_.at(closed.connection));
    uses_.erase(closed.connection);
    return {};
  }
  port::Effects on_text(port::ConnectionId from, std::string_view text, port::Instant now) override;
  port::Effects on_stored(const port::Stored& stored, port::Instant) override;
  port::Effects on_store(const port::StoreEvent& event, port::Instant) override {
    if (event.kind != port::StoreEvent::Kind::Ready) return {};
    ready_ = true;
    if (event.incomplete) {  // Redis has restarted, and may have lost records
      const auto after = unsaved_.begin() + static_cast<std::ptrdiff_t>(busy_ ? under_way_ : 0);
      unsaved_.insert(after, saved_.begin(), saved_.end());
      saved_.clear();
    }
    return {};
  }
  port::Effects on_turn_end(port::Instant) override;
  [[nodiscard]] bool is_saved() const override { return unsaved_.empty() && !busy_; }

 private:
  struct ByPlace {
    bool operator()(const port::ConnectionId& a, const port::ConnectionId& b) const {
      return std::tie(a.shard, a.slot) < std::tie(b.shard, b.slot);
    }
  };
  [[nodiscard]] port::Forms forms(const std::string& text) const;
  port::Effects away(port::ConnectionId from, const std::string& what);
  port::Effects shout(const std::string& rest) const;
  [[nodiscard]] std::string peers(const std::string& channel) const;

  std::string name_;
  std::string path_;
  port::Resources resources_;
  irc::World& world_;
  port::TopicId topic_;
  std::map<port::ConnectionId, port::AddressUse*, ByPlace> uses_;
  std::deque<port::Record> saved_;
  std::deque<port::Record> unsaved_;  ///< the records of the batch in progress come first
  std::uint64_t last_record_;
  std::uint64_t token_ = 0;
  std::size_t under_way_ = 0;  ///< number of records in the batch in progress
  bool busy_ = false;
  bool ready_ = true;
  port::ConnectionId saver_;
};

}  // namespace signaller::seam
