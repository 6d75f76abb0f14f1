// The core and HTTP: requests and handshakes for the protocols.
#include "net/core/core_thread.hpp"
#include "net/http/response.hpp"

namespace signaller::net {

void CoreThread::request(std::size_t protocol, const port::HttpRequest& asked) {
  if (shut_down_) return refuse_late(protocol, asked);
  const bool done = call_protocol(
      protocol, [&](port::Protocol& serving) { return serving.on_http(asked, now()); });
  if (!done) fail_request(protocol, asked.id());
}

void CoreThread::upgrade(std::size_t protocol, const port::UpgradeRequest& asked) {
  if (shut_down_) return refuse_late(protocol, asked);
  const bool done = call_protocol(
      protocol, [&](port::Protocol& serving) { return serving.on_upgrade(asked, now()); });
  if (!done) fail_request(protocol, asked.id());
}

/// Answers 500 at once, so that the client need not wait until the request's deadline.
void CoreThread::fail_request(std::size_t protocol, port::RequestId id) {
  constexpr int InternalServerError = 500;
  route(protocol, port::Effect(port::Respond{id, InternalServerError, PlainText,
                                             "The request could not be handled\n"}));
}

/// Answers a request that has arrived after on_shutdown. The protocol does not get it.
void CoreThread::refuse_late(std::size_t protocol, const port::HttpRequest& asked) {
  constexpr int Unavailable = 503;
  route(protocol,
        port::Effect(port::Respond{
            asked.id(), Unavailable, PlainText, ShuttingDown, {{"Retry-After", RetryAfter}}}));
}

/// Ends a hold that no Release will end: the request or handshake is over, or the connection had
/// gone before the hold. Keeps the hold if the end of the connection waits for the Release.
void CoreThread::unhold(port::ConnectionId who) {
  const Pause* const pause = pause_of(who);
  if (pause != nullptr && pause->held && !pause->closed) paused_.erase(who);
}

}  // namespace signaller::net
