// Reads requests: HeadRules checks the head, then websocketpp's HTTP parser parses it.
#include <sodium.h>
#include <websocketpp/base64/base64.hpp>
#include <websocketpp/http/request.hpp>
#include <websocketpp/sha1/sha1.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "net/http/authority.hpp"
#include "net/http/codec.hpp"
#include "net/http/request_rules.hpp"

namespace signaller::net {
namespace {

constexpr int BadRequest = 400;
constexpr int BodyTooLarge = 413;
constexpr int TargetTooLong = 414;
constexpr int HeadTooLarge = 431;
constexpr std::size_t Crlf = 2;
/// A header for the parser, which refuses a request that names no host.
constexpr std::string_view NoHost = "Host: -\r\n";
/// Memory of a header beside its characters: the node of a map and two strings.
constexpr std::size_t HeaderBytes = 128;

/// Whether the text is a Sec-WebSocket-Key (RFC 6455 §4.1).
bool is_base64_of_16_bytes(const std::string& key) {
  std::array<unsigned char, 16> bytes{};
  std::size_t size = 0;
  const int result = sodium_base642bin(bytes.data(), bytes.size(), key.data(), key.size(), nullptr,
                                       &size, nullptr, sodium_base64_VARIANT_ORIGINAL);
  return result == 0 && size == bytes.size();
}

}  // namespace

struct RequestReader::State {
  State(Limits given, std::function<BodyLimit(std::string_view)> body)
      : limits(given), body_limit(std::move(body)) {
    // Turns off the limit of the parser: end_head() checks the size.
    parser.set_max_body_size(std::numeric_limits<std::size_t>::max());
  }

  Limits limits;
  std::function<BodyLimit(std::string_view)> body_limit;
  bool continue_due = false;
  std::uint64_t body_left = 0;  ///< bytes of the body that have not come
  HeadRules rules;
  std::string head;              ///< received part of the head, from the request line on
  std::size_t head_bytes = 0;    ///< bytes of the head, with the empty lines before it
  std::size_t line_at = 0;       ///< offset of the current line
  std::size_t parsed_bytes = 0;  ///< memory of the parsed head
  websocketpp::http::parser::request parser;
  Request request;
  int status = 0;
  std::string error;

  Progress fail(int code, std::string_view text) {
    status = code;
    error = text;
    return Progress::Failed;
  }
  Progress take(char c);
  Progress fail_head();
  Progress end_line();
  Progress parse(std::string_view bytes);
  Progress end_head();
  Progress read_body(std::string_view bytes, std::size_t& used);
  void read_target();
};

RequestReader::RequestReader(Limits limits, std::function<BodyLimit(std::string_view)> body_limit)
    : state_(std::make_unique<State>(limits, std::move(body_limit))) {}
RequestReader::~RequestReader() = default;

/// Refuses a head above the limit: with 414 if the request target does not end below the limit.
RequestReader::Progress RequestReader::State::fail_head() {
  const bool in_target = !rules.started() && std::count(head.begin(), head.end(), ' ') == 1;
  return fail(in_target ? TargetTooLong : HeadTooLarge, "request line and headers are limited to " +
                                                            std::to_string(limits.head) +
                                                            " bytes (net.head_bytes)");
}

/// Takes one more byte of the head. Returns Ready after the last byte.
RequestReader::Progress RequestReader::State::take(char c) {
  if (++head_bytes > limits.head) return fail_head();
  const bool after_cr = head.size() > line_at && head.back() == '\r';
  if (after_cr != (c == '\n')) return fail(BadRequest, "a line must end with CR LF");
  if (!HeadRules::may_stand(c))
    return fail(BadRequest, "the request head contains a control character");
  head += c;
  return c == '\n' ? end_line() : Progress::NeedsMore;
}

RequestReader::Progress RequestReader::State::end_line() {
  const std::string_view line(head.data() + line_at, head.size() - line_at - Crlf);
  HeadProblem problem = rules.line(line);
  if (!problem && rules.done()) problem = rules.whole();
  if (problem) return fail(problem.status, problem.text);
  if (head.size() == Crlf) head.clear();  // skips an empty line before the request
  line_at = head.size();
  return rules.done() ? Progress::Ready : Progress::NeedsMore;
}

void RequestReader::State::read_target() {
  std::string target = parser.get_uri();
  if (rules.names_host()) request.host = parser.get_header("Host");
  if (const auto host = target.front() == '/' ? std::nullopt : HeadRules::host_of(target)) {
    const auto begin = static_cast<std::size_t>(host->data() - target.data());
    const std::size_t size = host->size();
    request.host = *host;
    target.erase(0, begin + size);
    if (target.empty() || target.front() != '/') target.insert(0, 1, '/');
  }
  const std::size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string::npos) request.query = target.substr(mark + 1);
}

/// Handles the end of the head: fills the request, except for its body.
RequestReader::Progress RequestReader::State::end_head() {
  read_target();
  const BodyLimit most =
      body_limit ? body_limit(request.path) : BodyLimit{limits.body, "net.body_bytes"};
  if (rules.content_length() > most.bytes) {
    const std::string key = most.key.empty() ? "" : " (" + std::string(most.key) + ")";
    return fail(BodyTooLarge,
                "a request's body is limited to " + std::to_string(most.bytes) + " bytes" + key);
  }
  request.method = parser.get_method();
  request.content_type = parser.get_header("Content-Type");
  request.forwarded_for = parser.get_header("X-Forwarded-For");
  request.forwarded_proto = parser.get_header("X-Forwarded-Proto");
  const auto origin = parser.get_headers().find("Origin");
  if (origin != parser.get_headers().end()) request.origin = origin->second;
  request.upgrade = rules.asks_websocket();
  request.keep_alive = !rules.asks_close();
  request.version_13 = parser.get_header("Sec-WebSocket-Version") == "13";
  request.key_valid = is_base64_of_16_bytes(parser.get_header("Sec-WebSocket-Key"));
  websocketpp::http::parameter_list list;
  if (parser.get_header_as_plist("Sec-WebSocket-Protocol", list)) {
    return fail(BadRequest, "Sec-WebSocket-Protocol must be a list of names");
  }
  for (const auto& entry : list) request.subprotocols.push_back(entry.first);
  continue_due = rules.expects_continue();
  for (const auto& [name, value] : parser.get_headers()) {
    parsed_bytes += HeaderBytes + name.size() + value.size();
  }
  body_left = rules.content_length();
  return body_left == 0 ? Progress::Ready : Progress::NeedsMore;
}

/// Parses the complete head.
RequestReader::Progress RequestReader::State::parse(std::string_view bytes) {
  try {
    for (std::size_t used = 0; used < bytes.size() && !parser.ready();) {
      used += parser.consume(bytes.data() + used, bytes.size() - used);
    }
  } catch (const websocketpp::http::exception& problem) {
    const int code = static_cast<int>(problem.m_error_code);
    return fail(code >= BadRequest ? code : BadRequest, problem.what());
  } catch (const std::exception& problem) {
    return fail(BadRequest, problem.what());
  }
  return Progress::Ready;
}

/// Takes a part of the body. The memory of the body grows like that of a std::string, but never
/// above the body's length. Does not use the parser, which would keep a second copy.
RequestReader::Progress RequestReader::State::read_body(std::string_view bytes, std::size_t& used) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(body_left, bytes.size()));
  std::string& body = request.body;
  const std::size_t grown = body.size() + size;
  if (grown > body.capacity()) {
    const auto whole = static_cast<std::size_t>(body.size() + body_left);
    std::string larger;
    larger.reserve(std::min(whole, std::max(grown, 2 * body.size())));
    larger += body;
    body = std::move(larger);
  }
  body.append(bytes.data(), size);
  body_left -= size;
  used += size;
  return body_left == 0 ? Progress::Ready : Progress::NeedsMore;
}

RequestReader::Progress RequestReader::feed(std::string_view bytes, std::size_t& used) {
  used = 0;
  State& state = *state_;
  if (!state.rules.done()) {
    auto progress = Progress::NeedsMore;
    while (used < bytes.size() && progress == Progress::NeedsMore) {
      progress = state.take(bytes[used++]);
    }
    if (progress != Progress::Ready) return progress;
    std::string head = std::exchange(state.head, {});
    if (!state.rules.names_host()) head.insert(head.size() - Crlf, NoHost);
    if (state.parse(head) == Progress::Failed) return Progress::Failed;
    progress = state.end_head();
    if (progress != Progress::NeedsMore) return progress;
  }
  return state.read_body(bytes.substr(used), used);
}

const Request& RequestReader::request() const {
  return state_->request;
}
int RequestReader::status() const {
  return state_->status;
}
const std::string& RequestReader::error() const {
  return state_->error;
}

std::vector<port::HttpHeader> RequestReader::headers() const {
  std::vector<port::HttpHeader> all;
  for (const auto& [name, value] : state_->parser.get_headers()) {
    if (state_->rules.names_host() || lower_case(name) != "host") all.push_back({name, value});
  }
  return all;
}

std::string RequestReader::take_body() {
  return std::exchange(state_->request.body, {});
}

bool RequestReader::begun() const {
  const std::string& head = state_->head;
  return state_->rules.done() || !(head.empty() || head == "\r");
}

std::size_t RequestReader::held() const {
  const std::string& body = state_->request.body;
  return state_->head.capacity() + state_->parsed_bytes + (body.empty() ? 0 : body.capacity());
}

bool RequestReader::take_expect_continue() {
  return std::exchange(state_->continue_due, false);
}

std::string RequestReader::accept(const std::string& subprotocol, std::string_view headers) const {
  // The key, followed by the GUID of RFC 6455 §1.3.
  const std::string proof =
      state_->parser.get_header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, 20> digest{};
  websocketpp::sha1::calc(proof.data(), proof.size(), digest.data());
  std::string text =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Server: signaller\r\nSec-WebSocket-Accept: " +
      websocketpp::base64_encode(digest.data(), digest.size()) + "\r\n";
  if (!subprotocol.empty()) text += "Sec-WebSocket-Protocol: " + subprotocol + "\r\n";
  text += headers;
  return text + "\r\n";
}

}  // namespace signaller::net
