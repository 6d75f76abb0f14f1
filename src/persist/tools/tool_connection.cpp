#include "persist/tools/tool_connection.hpp"

#include <chrono>
#include <utility>

#include "persist/format/load_warnings.hpp"
#include "persist/redis/explain.hpp"

namespace signaller::persist {
namespace {

/// Several attempts are made, because each one tries the next address of a host name.
constexpr unsigned MaxConnectAttempts = 4;

}  // namespace

ToolConnection::ToolConnection(const RedisOptions& options, std::string name)
    : options_(options), name_(std::move(name)), link_(loop_, options.url, options.timeout) {
  link_.on_lost = [this](const std::string& why) { problem_ = why; };
}

bool ToolConnection::run_until(const std::function<bool()>& done) {
  while (problem_.empty() && !done()) {
    if (loop_.stopped()) loop_.restart();
    if (loop_.run_one() == 0) problem_ = "the connection has nothing left to wait for";
  }
  return problem_.empty();
}

bool ToolConnection::connect_once() {
  bool open = false;
  link_.on_open = [&open] { open = true; };
  link_.open();
  const bool connected = run_until([&open] { return open; });
  link_.on_open = nullptr;
  return connected;
}

bool ToolConnection::connect() {
  const auto start = std::chrono::steady_clock::now();
  for (unsigned attempt = 1; !connect_once(); ++attempt) {
    const auto took = std::chrono::steady_clock::now() - start;
    if (attempt == MaxConnectAttempts || took >= options_.timeout) return false;
    problem_.clear();
  }
  bool handshake_done = false;
  shake_hands(
      link_, options_.url,
      [this, &handshake_done](RedisHandshake handshake) {
        handshake_ = std::move(handshake);
        handshake_done = true;
      },
      name_);
  if (run_until([&handshake_done] { return handshake_done; })) problem_ = handshake_.problem;
  return problem_.empty();
}

bool ToolConnection::query(const Argv& argv, const RedisLink::OnReply& read) {
  bool answered = false;
  link_.send(argv, [&](const RedisReply& reply) {
    answered = true;
    if (reply.error("WRONGTYPE")) {
      problem_ = printable(argv[1]) + " has the wrong type";
    } else if (reply.error()) {
      problem_ = explain(reply.text());
    } else {
      read(reply);
    }
  });
  return run_until([&answered] { return answered; });
}

void ToolConnection::fail(const std::string& why) {
  if (problem_.empty()) problem_ = why;
}

bool read_lease(ToolConnection& connection, const Keys& keys, std::optional<LeaseStatus>& out) {
  std::optional<std::string> token;
  std::int64_t left_ms = 0;
  out.reset();
  const bool read = connection.query({"GET", keys.lease()}, [&token](const RedisReply& reply) {
    if (!reply.nil()) token = reply.text();
  }) && connection.query({"PTTL", keys.lease()}, [&left_ms](const RedisReply& reply) {
    left_ms = reply.integer();  // PTTL returns -2 if the lease has expired since the GET
  });
  if (!read || !token || left_ms == -2) return read;
  out = LeaseStatus{*token, parse_holder(*token), HolderState::Unknown, left_ms};
  if (out->holder) out->holder_state = state_of_holder(*out->holder, this_process("visitor"));
  return true;
}

}  // namespace signaller::persist
