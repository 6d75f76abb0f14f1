// Hands accepted sockets to a shard, or refuses them.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <asio/post.hpp>
#include <limits>
#include <utility>

#include "net/server.hpp"

namespace signaller::net {
namespace {

/// The number of connections that are reserved for the operations listener.
constexpr std::size_t OperationsConnections = 64;

/// Whether a refused client may get a close code or an HTTP status, which costs a handshake.
bool deserves_explanation(ConnectionRefusal::Reason why) {
  return why == ConnectionRefusal::Reason::Banned || why == ConnectionRefusal::Reason::TooMany ||
         why == ConnectionRefusal::Reason::TooFast;
}

}  // namespace

std::size_t Server::connections_possible() {
  constexpr std::size_t Others = 64;  // descriptors for listeners, loops and files
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return std::numeric_limits<std::size_t>::max();
  }
  const auto all = static_cast<std::size_t>(limit.rlim_cur);
  return std::max(all / 4, all - std::min(all, OperationsConnections + Others));
}

/// Takes an accepted socket, on shard 0.
void Server::take(int descriptor, const port::AddressRange& peer, std::uint16_t port,
                  const Routes& routes) {
  AcceptedSocket accepted;
  accepted.descriptor = descriptor;
  accepted.peer = peer;
  accepted.port = port;
  accepted.routes = &routes;
  const ConnectionRefusal refusal = judge(accepted);
  shared_.admissions.count(refusal);
  if (refusal) {
    const bool explained =
        deserves_explanation(refusal.why) && shared_.admission.may_explain(CoreThread::now());
    if (!explained) return turn_away(accepted, refusal);
    accepted.admission.refusal = refusal;
  }
  ++shared_.connections;
  const std::size_t number = next_shard_++ % shards_.size();
  if (number == 0) return shards_.front()->adopt(std::move(accepted));
  asio::post(loops_[number]->context(), [this, number, accepted = std::move(accepted)]() mutable {
    shards_[number]->adopt(std::move(accepted));
  });
}

/// Decides whether the client may connect. If so, gives it a connection slot, except to trusted
/// proxies and on the operations listener.
ConnectionRefusal Server::judge(AcceptedSocket& accepted) {
  using Reason = ConnectionRefusal::Reason;
  const std::size_t open = shared_.connections;
  const std::size_t most = std::min(shared_.options.connections, shared_.possible_connections);
  if (open >= most + (accepted.routes->operations ? OperationsConnections : 0)) {
    return {Reason::Full,
            most == shared_.options.connections
                ? fmt::format("the server is full: net.connections is {}", most)
                : fmt::format("the server is full: the process may have no more than {} "
                              "connections (ulimit -n)",
                              most),
            0};
  }
  if (accepted.routes->operations) return {};
  if (shared_.memory_full) {
    return {Reason::NoMemory, "the server uses as much memory as net.memory allows", 0};
  }
  accepted.trusted_proxy = shared_.admission.trusts(accepted.peer);
  if (accepted.trusted_proxy) return {};
  if (accepted.routes->proxy) {
    return {Reason::NoProxy, "only the proxies in net.trusted_proxies may connect here", 0};
  }
  accepted.admission = shared_.admission.enter(accepted.peer, CoreThread::now());
  return std::exchange(accepted.admission.refusal, {});
}

/// Closes the socket. Sends an HTTP response first, except over TLS, because a response would need
/// a TLS handshake.
void Server::turn_away(const AcceptedSocket& accepted, const ConnectionRefusal& refusal) {
  constexpr std::size_t Request = 64UL * 1024;
  ++shared_.admissions.refused;
  if (!accepted.routes->tls) {
    const std::string text = response_of(refusal, CoreThread::now().unix_ms / 1'000);
    (void)::send(accepted.descriptor, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    // Reads what the client has sent: a close with unread bytes would send a reset, which may
    // overtake the response. MSG_TRUNC drops the bytes without a copy.
    (void)::recv(accepted.descriptor, nullptr, Request, MSG_TRUNC | MSG_DONTWAIT);
  }
  ::close(accepted.descriptor);
}

}  // namespace signaller::net
