// HTTP requests: wherever the bytes are cut, the result is the same valid request, or the same
// refusal with a status and a reason. Nothing from a request gets into the head of a response.
// Input: a byte that chooses the limits; the client's bytes.
#include "net/http/response.hpp"

#include <algorithm>

#include "net/http/codec.hpp"
#include "tests/fuzz/must.hpp"
#include "tests/fuzz/plain_text.hpp"
#include "tests/seeded.hpp"

namespace {

using namespace signaller::fuzz;
using signaller::net::Request;
using signaller::net::RequestReader;
using Progress = RequestReader::Progress;

struct Reading {
  explicit Reading(RequestReader::Limits limits) : reader(limits) {}
  RequestReader reader;
  Progress progress = Progress::NeedsMore;
  std::size_t used = 0;
};

void read_in_pieces(Reading& reading, std::string_view bytes, std::size_t most,
                    std::uint64_t seed) {
  signaller::tests::Seeded random(seed);
  for (std::size_t at = 0; at < bytes.size() && reading.progress == Progress::NeedsMore;) {
    const std::string_view piece = bytes.substr(at, 1 + random.below(most));
    std::size_t used = 0;
    reading.progress = reading.reader.feed(piece, used);
    must(used <= piece.size(), "no more is used than was given");
    if (reading.progress == Progress::NeedsMore) must(used == piece.size(), "all of it is used");
    at += piece.size();
    reading.used += used;
  }
}

/// Checks that the response has exactly one head, and the body after it.
void check_response(const std::string& response, const std::string& body) {
  const std::size_t end = response.find("\r\n\r\n");
  must(end != std::string::npos && response.substr(end + 4) == body, "one head, then the body");
  const std::string_view head = std::string_view(response).substr(0, end);
  for (std::size_t i = 0; i < head.size(); ++i) {
    const auto c = static_cast<unsigned char>(head[i]);
    must(c >= 0x20 || c == '\r' || c == '\n' || c == '\t', "no control character in a head");
    must((c == '\r') == (i + 1 < head.size() && head[i + 1] == '\n'), "lines end with CRLF");
  }
}

void check_failure(const RequestReader& reader) {
  must(reader.status() >= 400 && reader.status() < 600, "a status of an error");
  must(!reader.error().empty() && !holds_control(reader.error()), "a readable reason");
  const std::string body = reader.error() + "\n";
  check_response(signaller::net::http_response({reader.status(), "text/plain", body, {}}, false),
                 body);
}

void check_request(const RequestReader& reader, RequestReader::Limits limits) {
  const Request& request = reader.request();
  must(reader.error().empty() && reader.status() == 0, "never both whole and refused");
  must(!request.path.empty() && (request.path.front() == '/' || request.path == "*"), "a path");
  must(request.path.find('?') == std::string::npos, "a path without query");
  must(request.body.size() <= limits.body, "a body within its limit");
  must(request.path.size() + request.query.size() + request.host.size() <= limits.head,
       "a head within its limit");
  for (const std::string& part : {request.method, request.path, request.query, request.host}) {
    must(part.find_first_of(std::string_view(" \r\n\0", 4)) == std::string::npos, "one word");
  }
  must(!request.method.empty(), "a method");
  must(!request.upgrade || request.body.empty(), "a handshake has no body");
  if (!request.upgrade || !request.key_valid || !request.version_13) return;
  const std::string accepted = reader.accept("signaller");
  check_response(accepted, "");
  must(accepted.rfind("HTTP/1.1 101 ", 0) == 0, "the handshake is accepted");
  must(std::count(accepted.begin(), accepted.end(), '\n') <= 7, "and no more is said");
}

void must_be_same(const Reading& one, const Reading& other) {
  must(one.progress == other.progress, "the same end however it is cut");
  if (one.progress == Progress::Failed) {
    // The reader may find that a head is too long before it finds other errors.
    const auto too_long = [](int status) { return status == 414 || status == 431; };
    if (too_long(one.reader.status()) || too_long(other.reader.status())) return;
    must(one.reader.status() == other.reader.status(), "the same status however it is cut");
    must(one.reader.error() == other.reader.error(), "the same reason however it is cut");
    return;
  }
  must(one.used == other.used, "the same bytes belong to it however it is cut");
  const Request& a = one.reader.request();
  const Request& b = other.reader.request();
  must(a.method == b.method && a.path == b.path && a.query == b.query && a.host == b.host &&
           a.body == b.body && a.upgrade == b.upgrade && a.version_13 == b.version_13 &&
           a.key_valid == b.key_valid && a.subprotocols == b.subprotocols,
       "the same request however it is cut");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr RequestReader::Limits Limits[] = {{8192, 1024}, {200, 10}, {64, 0}};
  const RequestReader::Limits limits = Limits[data[0] % std::size(Limits)];
  const std::string_view bytes = text_of(data + 1, size - 1);
  Reading whole(limits);
  read_in_pieces(whole, bytes, 1, 0);
  Reading cut(limits);
  read_in_pieces(cut, bytes, 40, seed_of(bytes));
  must_be_same(whole, cut);
  Reading once(limits);
  std::size_t used = 0;
  if (!bytes.empty()) once.progress = once.reader.feed(bytes, used);
  once.used = used;
  must_be_same(whole, once);
  if (whole.progress == Progress::Failed) check_failure(whole.reader);
  if (whole.progress == Progress::Ready) check_request(whole.reader, limits);
  return 0;
}
