#include "attack_runner.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>

#include "clock.hpp"
#include "websocket_frame.hpp"

namespace signaller::bench {
namespace {

constexpr std::size_t ReadSize = std::size_t{64} * 1024;
constexpr int UnreadBuffer = 4'096;  // receive buffer of attackers that never read
constexpr double LongestRamp = 3;    // seconds over which the first connections are spread, at most

std::size_t scaled(std::size_t count, double scale) {
  return std::max<std::size_t>(
      1, static_cast<std::size_t>(std::lround(static_cast<double>(count) * scale)));
}

}  // namespace

AttackRunner::AttackRunner(Target target, const std::vector<const AttackKind*>& kinds,
                           const AttackOptions& options)
    : target_(std::move(target)),
      options_(options),
      request_("GET " + target_.path + " HTTP/1.1\r\nHost: " + target_.host +
               "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      random_(options.seed),
      buffer_(ReadSize) {
  for (const AttackKind* kind : kinds) add_attackers(*kind);
}

AttackRunner::~AttackRunner() {
  for (auto& attacker : attackers_) end(attacker, "left");
  ::close(epoll_);
}

void AttackRunner::add_attackers(const AttackKind& kind) {
  KindTotals& totals = all_totals_.emplace_back();
  totals.kind = &kind;
  totals.attackers = scaled(kind.attackers, options_.scale);
  for (std::size_t number = 0; number < totals.attackers; ++number) {
    Attacker attacker;
    attacker.totals = &totals;
    attacker.number = number;
    attackers_.push_back(std::move(attacker));
  }
}

void AttackRunner::run() {
  const std::int64_t end_ns = now_ns() + ns(options_.seconds);
  const double ramp = std::min(LongestRamp, options_.seconds / 4);
  for (auto& attacker : attackers_) {
    set_due(attacker, ramp * static_cast<double>(attacker.number) /
                          static_cast<double>(attacker.totals->attackers));
  }
  std::array<epoll_event, 512> events{};
  for (auto now = now_ns(); now < end_ns; now = now_ns()) {
    while (!due_.empty() && due_.top().first <= now) {
      const auto [time, index] = due_.top();
      due_.pop();
      // Skips stale entries, whose attackers were rescheduled.
      if (attackers_[index].due_ns == time) act(attackers_[index]);
    }
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 1);
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      handle(attackers_[event.data.u32], event.events);
    }
  }
  for (auto& attacker : attackers_) end(attacker, "left");
}

void AttackRunner::set_due(Attacker& attacker, double after_s) {
  attacker.due_ns = now_ns() + ns(after_s);
  due_.emplace(attacker.due_ns, static_cast<std::size_t>(&attacker - attackers_.data()));
}

void AttackRunner::act(Attacker& attacker) {
  switch (attacker.state) {
    case State::Away:
      connect(attacker);
      return;
    case State::Open:
      take_step(attacker);
      return;
    case State::Connecting:
    case State::Handshaking:
      return;  // socket events continue the handshake
  }
}

void AttackRunner::connect(Attacker& attacker) {
  const AttackKind& kind = *attacker.totals->kind;
  attacker.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  ++attacker.totals->connections;
  if (attacker.fd < 0) return end(attacker, "no_socket");
  attacker.totals->most_open = std::max(attacker.totals->most_open, ++attacker.totals->open);
  attacker.state = State::Connecting;
  if (kind.never_reads) {
    setsockopt(attacker.fd, SOL_SOCKET, SO_RCVBUF, &UnreadBuffer, sizeof UnreadBuffer);
  }
  const auto* address = reinterpret_cast<const sockaddr*>(&target_.address);
  const bool begun =
      bind_source(attacker.fd, address_of(kind, attacker.number)) &&
      (::connect(attacker.fd, address, sizeof target_.address) == 0 || errno == EINPROGRESS);
  if (!begun) return end(attacker, "no_connect");
  watch(attacker, EPOLL_CTL_ADD);
}

/// An attacker that never reads is still notified of the end of its connection.
void AttackRunner::watch(const Attacker& attacker, int operation) const {
  const bool never_reads = attacker.totals->kind->never_reads && attacker.state == State::Open;
  epoll_event event{};
  event.events = EPOLLOUT | EPOLLRDHUP | EPOLLET | (never_reads ? 0U : std::uint32_t{EPOLLIN});
  event.data.u32 = static_cast<std::uint32_t>(&attacker - attackers_.data());
  epoll_ctl(epoll_, operation, attacker.fd, &event);
}

void AttackRunner::connected(Attacker& attacker) {
  if (attacker.totals->kind->prologue == Prologue::None) {
    attacker.state = State::Open;
    return take_step(attacker);
  }
  attacker.state = State::Handshaking;
  attacker.unsent = request_;
  send(attacker);
}

/// Takes the next step, unless earlier bytes are still unsent.
void AttackRunner::take_step(Attacker& attacker) {
  const AttackKind& kind = *attacker.totals->kind;
  set_due(attacker, kind.pace_s);
  if (attacker.unsent.empty()) {
    kind.step({attacker.number, attacker.connection, attacker.step++, random_}, attacker.unsent);
  }
  send(attacker);
}

void AttackRunner::send(Attacker& attacker) {
  if (attacker.unsent.empty()) return;
  const ssize_t sent =
      ::send(attacker.fd, attacker.unsent.data(), attacker.unsent.size(), MSG_NOSIGNAL);
  if (sent <= 0) return;  // the socket is full, or an event will report the error
  attacker.totals->sent_bytes += static_cast<std::uint64_t>(sent);
  attacker.unsent.erase(0, static_cast<std::size_t>(sent));
}

void AttackRunner::handle(Attacker& attacker, std::uint32_t events) {
  if (attacker.state == State::Away) return;
  if (attacker.state == State::Connecting) {
    if ((events & EPOLLERR) != 0) return end(attacker, "no_connect");
    connected(attacker);
  } else if ((events & EPOLLOUT) != 0) {
    send(attacker);
  }
  const bool over = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  if (over || (events & EPOLLIN) != 0) read(attacker);
}

void AttackRunner::read(Attacker& attacker) {
  const std::uint64_t connection = attacker.connection;
  while (attacker.state != State::Away && attacker.connection == connection) {
    if (attacker.state == State::Open && attacker.totals->kind->never_reads)
      return end(attacker, "cut");
    const ssize_t got = recv(attacker.fd, buffer_.data(), buffer_.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) return end(attacker, "cut");
    attacker.totals->received_bytes += static_cast<std::uint64_t>(got);
    attacker.tail.append(buffer_.data(), static_cast<std::size_t>(got));
    parse_input(attacker);
    if (attacker.state == State::Open && attacker.totals->kind->never_reads) return;
  }
}

void AttackRunner::parse_input(Attacker& attacker) {
  const AttackKind& kind = *attacker.totals->kind;
  const bool http = attacker.state == State::Handshaking || kind.prologue == Prologue::None;
  const ParsedInput parsed =
      http ? parse_response(attacker.tail) : parse_frames(attacker.tail, attacker.totals->refused);
  attacker.tail.erase(0, parsed.used);
  if (!parsed.over.empty()) return end(attacker, parsed.over);
  if (!parsed.switched) return;
  attacker.state = State::Open;
  if (kind.never_reads) watch(attacker, EPOLL_CTL_MOD);
  if (kind.prologue == Prologue::Described) {
    append_masked(attacker.unsent, Opcode::Text, "/descp {}");
    send(attacker);
  }
  set_due(attacker, 0);
  parse_input(attacker);  // frames may have come with the response
}

void AttackRunner::end(Attacker& attacker, const std::string& why) {
  if (attacker.fd < 0 && why == "left") return;
  ++attacker.totals->over[why];
  if (attacker.fd >= 0) {
    ::close(attacker.fd);
    --attacker.totals->open;
  }
  attacker.fd = -1;
  attacker.state = State::Away;
  ++attacker.connection;
  attacker.step = 0;
  attacker.tail.clear();
  attacker.unsent.clear();
  set_due(attacker, attacker.totals->kind->pause_s);
}

}  // namespace signaller::bench
