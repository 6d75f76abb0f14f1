// A protocol whose endpoints use every field of port::Endpoint. Its answers name the calls that it
// got.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "port/protocol.hpp"

namespace signaller::net {

/// The endpoint `ask` serves several methods, and `files` takes the rest of a path. Two endpoints
/// are named `desk`: /at/{name} decides about handshakes, /list serves HTTP. Of the names under
/// /at/, `taken` is refused, `late` is answered a little later, `never` is not answered at all, and
/// `watcher` gets a line for the end of each other connection.
///
/// Queries of HTTP requests: `silence` gets no answer, `twice` gets two answers, and `again` sends
/// one more answer to the earlier request with `twice`. `hold` holds the connection before the
/// answer, `answer-hold` after the answer.
class DeskProtocol final : public port::Protocol {
 public:
  static constexpr std::size_t MostBody = 5'000;

  std::vector<port::Endpoint> endpoints() const override {
    port::Endpoint ask{"ask", "/ask", "", true, false};
    ask.methods = "GET, POST, OPTIONS";
    ask.body_limit = MostBody;
    ask.body_key = "desk.body";
    port::Endpoint mute{"mute", "/mute", "", true, false};
    mute.methods = "GET, PUT";
    port::Endpoint desk{"desk", "/at/{name}", "desk.v1", true, true};
    desk.decides_upgrade = true;
    desk.frame_key = "desk.frame";
    port::Endpoint list{"desk", "/list", "", true, false};
    port::Endpoint files{"files", "/files/{rest...}", "", true, false};
    port::Endpoint wide{"wide", "/wide", ""};
    wide.frame_key = "wide.frame";
    return {ask, mute, desk, list, files, wide};
  }
  std::size_t first_frame_limit() const override { return 1'000; }

  port::Effects on_http(const port::HttpRequest& request, port::Instant) override {
    if (left_) ++late_requests;
    if (request.query == "silence") return {};
    if (request.query.find("hold") != std::string::npos) return hold(request);
    if (request.query == "twice" || request.query == "again") return twice(request);
    port::Respond answer{request.id(), 200, "text/plain", told(request), {}};
    if (request.query == "bad") {
      answer.content_type = "text/plain\r\nX-Bad: 1";
      answer.headers.add("X-Bad", "a\r\nX-Worse: 1");
      answer.headers.add("X-Bad\r\nX-Worse", "a");
      answer.headers.add("Content-Length", "0");
      answer.headers.add("Set-Cookie", std::string(port::ResponseHeaders::MaxBytes, 'x'));
    }
    answer.headers.add("Access-Control-Allow-Origin", "*");
    if (request.query.rfind("status=", 0) == 0) answer.status = std::stoi(request.query.substr(7));
    return port::Effect(std::move(answer));
  }

  port::Effects on_upgrade(const port::UpgradeRequest& request, port::Instant now) override {
    if (left_) ++late_requests;
    if (request.parameter == "taken") {
      return port::Effect(port::Respond{request.id(),
                                        409,
                                        "text/plain",
                                        request.parameter + " is taken\n",
                                        {{"X-Desk", "full"}}});
    }
    if (request.parameter == "never") return {};
    if (request.parameter != "late") return accept(request.connection);
    late_ = request.connection;
    return port::Effect(port::Wake{now.steady_ms + 30});
  }
  port::Effects on_tick(port::Instant) override { return accept(late_); }

  port::Effects on_open(const port::Opened& opened, port::Instant) override {
    if (left_) ++late_requests;
    if (opened.parameter == "watcher") watcher_ = opened.connection;
    const std::string text = opened.endpoint + " " + opened.parameter + " " + opened.address + ":" +
                             std::to_string(opened.port) + " " + std::to_string(opened.local_port);
    return port::Effect(port::Send{opened.connection, text});
  }
  port::Effects on_text(port::ConnectionId from, std::string_view text, port::Instant) override {
    return port::Effect(port::Send{from, "desk " + std::string(text)});
  }
  port::Effects on_close(const port::Closed& closed, port::Instant) override {
    if (closed.connection == watcher_) return {};
    const std::string text = std::to_string(closed.code) + (closed.opened ? " open" : " asked");
    return port::Effect(port::Send{watcher_, text});
  }
  port::Effects on_shutdown(port::Instant) override {
    left_ = true;
    return {};
  }
  bool is_saved() const override { return saved; }

  std::atomic<bool> saved{true};
  std::atomic<int> late_requests{0};  ///< requests and connections after on_shutdown

 private:
  static port::Effects hold(const port::HttpRequest& request) {
    port::Effects out;
    if (request.query == "answer-hold") out.add(answered(request.id(), "held"));
    out.add(port::Hold{request.connection});
    if (request.query == "hold") out.add(answered(request.id(), "held"));
    return out;
  }
  port::Effects twice(const port::HttpRequest& request) {
    if (request.query == "twice") twice_ = request.id();
    port::Effects out;
    if (request.query == "again") out.add(answered(twice_, "stale"));
    out.add(answered(request.id(), "first"));
    if (request.query == "twice") out.add(answered(request.id(), "second"));
    return out;
  }
  static port::Respond answered(port::RequestId id, const std::string& body) {
    return {id, 200, "text/plain", body, {}};
  }
  static port::Effects accept(port::ConnectionId who) {
    return port::Effect(port::AcceptUpgrade{who, {{"X-Desk", "1"}}});
  }

  static std::string told(const port::HttpRequest& request) {
    const std::string* const one = request.header("x-one");
    return request.method + " " + request.endpoint + " [" + request.parameter + "] " +
           request.address + ":" + std::to_string(request.port) + " " +
           std::to_string(request.local_port) + " origin=" + request.origin.value_or("-") +
           (request.origin_allowed ? "" : " (foreign)") + " type=" + request.content_type +
           " x-one=" + (one == nullptr ? "-" : *one) + " body=" + request.body;
  }

  bool left_ = false;
  port::RequestId twice_;
  port::ConnectionId late_;
  port::ConnectionId watcher_;
};

}  // namespace signaller::net
