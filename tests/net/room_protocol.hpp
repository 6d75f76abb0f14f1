// A small protocol that makes the edge send, publish, close, hold, store, verify, query and wake.
// DeskProtocol shows what an endpoint may declare.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "port/protocol.hpp"

namespace signaller::net {

/// All clients are in one room. `pub TEXT` is sent to all other clients, `big N` answers with N
/// chunks, `close CODE` closes, `verify PASSWORD` asks the verifier, `store` writes, `wake`
/// requests a tick. `hold` holds the connection, `hold N` does so while N chunks arrive. `free`
/// from any client releases the held connection, `cut` closes it. `ask` and `reload` send a query
/// to the edge.
class RoomProtocol final : public port::Protocol {
 public:
  static constexpr port::TopicId Room{1};

  std::vector<port::Endpoint> endpoints() const override {
    return {{"room", "/", "signaller", true}, {"plain", "/plain", "", false}};
  }
  std::size_t first_frame_limit() const override { return 8192; }

  port::Effects on_open(const port::Opened& opened, port::Instant) override {
    port::Effects out;
    out.add(port::Subscribe{opened.connection, Room, 0, false});
    out.add(port::Send{opened.connection, "hello " + opened.address, {}, 0, false});
    return out;
  }

  port::Effects on_text(port::ConnectionId from, std::string_view text,
                        port::Instant now) override {
    const std::string verb(text.substr(0, text.find(' ')));
    const std::string rest(verb.size() < text.size() ? text.substr(verb.size() + 1) : "");
    if (verb == "pub") {
      const auto bytes = std::make_shared<const std::string>(rest);
      return port::Effect(port::Publish{Room, {bytes, bytes}, port::FrameClass::Chat, from});
    }
    if (verb == "big") {
      left_[from.slot * 16U + from.shard] = std::stoi(rest);
      return on_drain(from, now);
    }
    if (verb == "close") {
      const auto code = static_cast<std::uint16_t>(std::stoi(rest));
      return port::Effect(port::Close{from, code, "as you wish"});
    }
    if (verb == "hold") return hold(from, rest, now);
    // The messages that wait for the Release must be handled after these effects.
    if (verb == "free") {
      port::Effects out;
      out.add(port::Release{held_});
      out.add(port::Send{held_, "freed", {}, 0, false});
      return out;
    }
    if (verb == "cut") return port::Effect(port::Close{held_, 3505, "cut"});
    if (verb == "limit") return port::Effect(port::FrameLimit{from, std::stoul(rest)});
    asked_ = from;
    if (verb == "ask") return port::Effect(port::Query{5, port::QueryKind::Statistics});
    if (verb == "reload") return port::Effect(port::Query{6, port::QueryKind::Reload});
    if (verb == "verify") return port::Effect(port::Verify{7, "hash", rest});
    if (verb == "store") return port::Effect(port::Persist{{port::PeerGone{"x"}}, 9});
    if (verb == "wake") return port::Effect(port::Wake{now.steady_ms + 20});
    return port::Effect(port::Send{from, std::string(text), {}, 0, false});
  }

  port::Effects on_close(const port::Closed& closed, port::Instant) override {
    const auto bytes = std::make_shared<const std::string>("gone " + std::to_string(closed.code));
    return port::Effect(port::Publish{Room, {bytes, bytes}, port::FrameClass::Presence, {}});
  }
  port::Effects on_http(const port::HttpRequest& request, port::Instant) override {
    return port::Effect(port::Respond{request.id(), 200, "text/plain", "page " + request.host});
  }
  port::Effects on_drain(port::ConnectionId who, port::Instant) override {
    int& left = left_[who.slot * 16U + who.shard];
    if (left == 0) return port::Effect(port::Send{who, "end", {}, 0, false});
    --left;
    return port::Effect(port::Send{who, std::string(60'000, 'b'), {}, 0, true});
  }
  port::Effects on_tick(port::Instant) override { return answer("tick"); }
  port::Effects on_stored(const port::Stored& stored, port::Instant) override {
    return answer("stored " + std::to_string(stored.token));
  }
  port::Effects on_query_result(const port::QueryResult& given, port::Instant) override {
    std::string text = "answer " + std::to_string(given.token) + (given.ok ? " yes" : " no");
    for (const port::Stat& stat : given.stats) {
      text += " " + stat.what + "." + stat.name + "=" + stat.value;
    }
    return answer(text);
  }
  port::Effects on_verified(port::Verified verified, port::Instant) override {
    return answer("verified " + std::to_string(verified.token) + (verified.ok ? " yes" : " no"));
  }
  port::Effects on_shutdown(port::Instant) override {
    const auto bytes = std::make_shared<const std::string>("last words");
    return port::Effect(port::Publish{Room, {bytes, bytes}, port::FrameClass::Chat, {}});
  }

 private:
  port::Effects answer(const std::string& text) {
    return port::Effect(port::Send{asked_, text, {}, 0, false});
  }

  port::Effects hold(port::ConnectionId who, const std::string& chunks, port::Instant now) {
    held_ = who;
    port::Effects out;
    out.add(port::Send{who, "held", {}, 0, false});
    out.add(port::Hold{who});
    if (chunks.empty()) return out;
    left_[who.slot * 16U + who.shard] = std::stoi(chunks);
    return std::move(out += on_drain(who, now));
  }

  port::ConnectionId asked_;
  port::ConnectionId held_;
  std::map<std::uint32_t, int> left_;
};

}  // namespace signaller::net
