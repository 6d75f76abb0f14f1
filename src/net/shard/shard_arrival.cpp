// The client's address, and admission.
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "net/admission/forwarded.hpp"
#include "net/admission/proxy_header.hpp"
#include "net/shard/shard.hpp"

namespace signaller::net {
/// Peeks at the header before consuming it, so that no byte after the header, which may be TLS, is
/// consumed. Returns true if the header is complete.
bool Shard::read_proxy_header(Connection& connection) {
  std::string& known = connection.arrival->proxy_header;
  char* const fresh = std::copy(known.begin(), known.end(), received_.data());
  const std::size_t room = ProxyHeader::MostBinary - known.size();
  const ssize_t size = ::recv(connection.descriptor, fresh, room, MSG_PEEK | MSG_DONTWAIT);
  if (size <= 0) {
    const bool nothing_now = size < 0 && (errno == EAGAIN || errno == EINTR);
    nothing_now ? arm_read(connection) : lose(connection);
    return false;
  }
  const std::size_t seen = known.size() + static_cast<std::size_t>(size);
  const ProxyHeader header = ProxyHeader::read({received_.data(), seen});
  if (header.progress == ProxyHeader::Progress::Failed) {
    answer(connection, {400,
                        PlainText,
                        "A PROXY header must come first here (proxy = true): " +
                            std::string(header.problem) + "\n",
                        {}});
    return false;
  }
  const bool ready = header.progress == ProxyHeader::Progress::Ready;
  // The bytes of an unfinished header are consumed as well: if they stayed, the socket would remain
  // readable.
  const std::size_t used = (ready ? header.length : seen) - known.size();
  if (::recv(connection.descriptor, fresh, used, MSG_DONTWAIT) != static_cast<ssize_t>(used)) {
    lose(connection);
    return false;
  }
  if (!ready) {
    known.assign(received_.data(), seen);
    arm_read(connection);
    return false;
  }
  known = {};
  connection.stage = connection.routes->tls ? Stage::Securing : Stage::Request;
  connection.arrival->nameless = !header.source;
  if (header.source) on_proxy_header(connection, {*header.source, header.port, false});
  return connection.stage != Stage::Finishing;
}

void Shard::on_proxy_header(Connection& connection, const ClientAddress& source) {
  Arrival& arrival = *connection.arrival;
  arrival.peer = source;
  arrival.peer.is_proxy = shared_.admission.trusts(source.range);
  arrival.client = arrival.peer;
  if (arrival.peer.is_proxy) return;
  admit(connection);
  if (!arrival.refusal || shared_.admission.may_explain(CoreThread::now())) return;
  connection.routes->tls ? finish(connection) : answer(connection, arrival.refusal);
}

/// Determines the client of this request. A trusted proxy names its client in X-Forwarded-For.
/// Refuses a client that was banned since an earlier request.
void Shard::identify(Connection& connection, const Request& request) {
  Arrival& arrival = *connection.arrival;
  arrival.client = arrival.peer;
  const bool operations = connection.routes->operations;
  if (!arrival.peer.is_proxy) {
    if (!arrival.kept || operations) return;
    arrival.refusal = shared_.admission.banned_now(arrival.client.range, CoreThread::now());
    return shared_.admissions.count(arrival.refusal);
  }
  if (arrival.nameless || operations) return;
  const auto trusted = shared_.admission.trusted();
  const auto client = forwarded_for(arrival.peer.range, request.forwarded_for, *trusted);
  if (!(client == arrival.peer.range)) arrival.client = {client, 0, trusted->contains(client)};
  if (!arrival.client.is_proxy) admit(connection);
}

void Shard::admit(Connection& connection) {
  AdmissionResult admission =
      shared_.admission.enter(connection.arrival->client.range, CoreThread::now());
  shared_.admissions.count(admission.refusal);
  connection.connection_slot = std::move(admission.connection_slot);
  connection.arrival->refusal = std::move(admission.refusal);
}

/// The scheme that the client used, to this server or to the proxy before it.
Scheme Shard::scheme_of(const Connection& connection, const Request& request) {
  if (connection.tls) return Scheme::Https;
  if (!connection.arrival->through_proxy) return Scheme::Http;
  if (request.forwarded_proto == "https") return Scheme::Https;
  return request.forwarded_proto == "http" ? Scheme::Http : Scheme::Unknown;
}

void Shard::answer(Connection& connection, const ConnectionRefusal& refusal) {
  answer(connection,
         {status_of(refusal), PlainText, refusal.text + "\n", retry_header_of(refusal)});
}

}  // namespace signaller::net
