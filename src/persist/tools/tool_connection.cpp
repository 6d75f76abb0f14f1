#include "persist/tools/tool_connection.hpp"

#include <chrono>
#include <utility>

#include "persist/format/load_warnings.hpp"
#include "persist/redis/explain.hpp"

namespace signaller::persist {
namespace {

/// Of a name each address has its turn.
constexpr unsigned MostAttempts = 4;

}  // namespace

RedisVisit::RedisVisit(const RedisOptions& options, std::string name)
    : options_(options), name_(std::move(name)), link_(loop_, options.url, options.timeout) {
  link_.on_lost = [this](const std::string& why) { problem_ = why; };
}

bool RedisVisit::until(const std::function<bool()>& done) {
  while (problem_.empty() && !done()) {
    if (loop_.stopped()) loop_.restart();
    if (loop_.run_one() == 0) problem_ = "nothing is left to wait for";
  }
  return problem_.empty();
}

bool RedisVisit::connect() {
  bool open = false;
  link_.on_open = [&open] { open = true; };
  link_.open();
  const bool connected = until([&open] { return open; });
  link_.on_open = nullptr;
  return connected;
}

bool RedisVisit::begin() {
  const auto start = std::chrono::steady_clock::now();
  for (unsigned attempt = 1; !connect(); ++attempt) {
    const auto took = std::chrono::steady_clock::now() - start;
    if (attempt == MostAttempts || took >= options_.timeout) return false;
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
  if (until([&handshake_done] { return handshake_done; })) problem_ = handshake_.problem;
  return problem_.empty();
}

bool RedisVisit::ask(const Argv& argv, const RedisLink::OnReply& read) {
  bool answered = false;
  link_.send(argv, [&](const RedisReply& reply) {
    answered = true;
    if (reply.error("WRONGTYPE")) {
      problem_ = printable(argv[1]) + " has another type than it should";
    } else if (reply.error()) {
      problem_ = explain(reply.text());
    } else {
      read(reply);
    }
  });
  return until([&answered] { return answered; });
}

void RedisVisit::give_up(const std::string& why) {
  if (problem_.empty()) problem_ = why;
}

bool look_at_lease(RedisVisit& visit, const Keys& keys, std::optional<LeaseFound>& out) {
  std::optional<std::string> token;
  std::int64_t left_ms = 0;
  out.reset();
  const bool read = visit.ask({"GET", keys.lease()}, [&token](const RedisReply& reply) {
    if (!reply.nil()) token = reply.text();
  }) && visit.ask({"PTTL", keys.lease()}, [&left_ms](const RedisReply& reply) {
    left_ms = reply.integer();  // -2: it has ended meanwhile
  });
  if (!read || !token || left_ms == -2) return read;
  out = LeaseFound{*token, parse_holder(*token), HolderState::Unknown, left_ms};
  if (out->holder) out->life = state_of_holder(*out->holder, this_process("visitor"));
  return true;
}

}  // namespace signaller::persist
