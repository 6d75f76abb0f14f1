// Who it is that connects, and whether it may come.
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "net/admission/forwarded.hpp"
#include "net/admission/proxy_header.hpp"
#include "net/shard/shard.hpp"

namespace signaller::net {
namespace {

}  // namespace

/// The header is looked at before it is taken, so that not a byte of what follows, which may be
/// TLS, is taken with it. True: it is over.
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
  // What is too little is taken too: if it stayed, the socket would be readable all the time.
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
  if (header.source) on_proxy_header(connection, *header.source);
  return connection.stage != Stage::Finishing;
}

void Shard::on_proxy_header(Connection& connection, const port::AddressRange& source) {
  Arrival& arrival = *connection.arrival;
  arrival.client = source;
  arrival.speaks_for_others = shared_.admission.trusts(source);
  if (arrival.speaks_for_others) return;
  admit(connection);
  if (!arrival.refusal || shared_.admission.may_explain(CoreThread::now())) return;
  connection.routes->tls ? finish(connection) : answer(connection, arrival.refusal);
}

/// Behind a trusted proxy, the request says who it is.
void Shard::identify(Connection& connection, const Request& request) {
  Arrival& arrival = *connection.arrival;
  if (!arrival.speaks_for_others || arrival.nameless || connection.routes->operations) return;
  const auto trusted = shared_.admission.trusted();
  arrival.client = forwarded_for(arrival.client, request.forwarded_for, *trusted);
  arrival.speaks_for_others = trusted->contains(arrival.client);
  if (!arrival.speaks_for_others) admit(connection);
}

void Shard::admit(Connection& connection) {
  AdmissionResult admission =
      shared_.admission.enter(connection.arrival->client, CoreThread::now());
  shared_.admissions.count(admission.refusal);
  connection.pass = std::move(admission.pass);
  connection.arrival->refusal = std::move(admission.refusal);
}

/// How the client reached us, or the proxy before us.
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
