// The only file that compiles websocketpp.
#include "net/codec.hpp"

#include <websocketpp/close.hpp>
#include <websocketpp/extensions/permessage_deflate/disabled.hpp>
#include <websocketpp/http/request.hpp>
#include <websocketpp/http/response.hpp>
#include <websocketpp/message_buffer/message.hpp>
#include <websocketpp/processors/hybi13.hpp>
#include <websocketpp/random/none.hpp>
#include <websocketpp/utf8_validator.hpp>

namespace signaller::net {
namespace {

/// Makes the processor's messages. Nothing is reserved for what a frame's header claims: only what
/// comes may take memory.
template <class Message>
class Messages : public std::enable_shared_from_this<Messages<Message>> {
 public:
  using ptr = std::shared_ptr<Messages>;
  using weak_ptr = std::weak_ptr<Messages>;

  std::shared_ptr<Message> get_message(websocketpp::frame::opcode::value opcode,
                                       std::size_t /*claimed*/) {
    return std::make_shared<Message>(this->shared_from_this(), opcode, 0);
  }
  bool recycle(Message* /*message*/) { return false; }
};

/// What the processor asks of its configuration, and no more.
struct Config {
  using request_type = websocketpp::http::parser::request;
  using response_type = websocketpp::http::parser::response;
  using message_type = websocketpp::message_buffer::message<Messages>;
  using con_msg_manager_type = Messages<message_type>;
  using rng_type = websocketpp::random::none::int_generator<std::uint32_t>;
  struct DeflateConfig {
    using request_type = Config::request_type;
  };
  using permessage_deflate_type =
      websocketpp::extensions::permessage_deflate::disabled<DeflateConfig>;
  static constexpr bool enable_extensions = false;
  static constexpr std::size_t max_message_size = 8192;  // set for each connection
};

/// The processor, and what it leaves to its user.
class Processor : public websocketpp::processor::hybi13<Config> {
 public:
  using hybi13::hybi13;

  [[nodiscard]] bool in_message() const {
    if (m_data_msg.msg_ptr) return true;
    const bool header_begun =
        m_state == HEADER_EXTENDED ||
        (m_state == HEADER_BASIC && m_bytes_needed < websocketpp::frame::BASIC_HEADER_LENGTH);
    return header_begun &&
           !websocketpp::frame::opcode::is_control(websocketpp::frame::get_opcode(m_basic_header));
  }
  [[nodiscard]] std::size_t held() const {
    return capacity_of(m_data_msg) + capacity_of(m_control_msg);
  }
  /// The length has the bit that must be zero (RFC 6455 §5.2): the processor would add such a
  /// length to what a message has already, and the sum would wrap around.
  [[nodiscard]] bool length_is_signed() const {
    return m_state == APPLICATION && (m_extended_header.bytes[0] & 0x80U) != 0 &&
           websocketpp::frame::get_basic_size(m_basic_header) ==
               websocketpp::frame::payload_size_code_64bit;
  }
  /// A whole text stops inside a code point: the processor looks only if it came in one frame.
  [[nodiscard]] bool text_is_cut() {
    return m_current_msg == &m_data_msg &&
           m_data_msg.msg_ptr->get_opcode() == websocketpp::frame::opcode::TEXT &&
           !m_data_msg.validator.complete();
  }
  /// The processor reserves all that a continuation claims; no page of that has been touched yet.
  void forget_claim() {
    if (!m_data_msg.msg_ptr) return;
    std::string& payload = m_data_msg.msg_ptr->get_raw_payload();
    if (payload.capacity() > 2 * payload.size() + FrameReader::SmallClaim) payload.shrink_to_fit();
  }

 private:
  static std::size_t capacity_of(const msg_metadata& message) {
    return message.msg_ptr ? message.msg_ptr->get_payload().capacity() : 0;
  }
};

Config::con_msg_manager_type::ptr message_manager() {
  // One for each thread: its use count is then touched by one core only.
  thread_local const auto manager = std::make_shared<Config::con_msg_manager_type>();
  return manager;
}

Config::rng_type& no_randomness() {
  static Config::rng_type rng;  // a server masks nothing, so nothing is drawn from it
  return rng;
}

bool is_base64_of_16_bytes(const std::string& key) {
  constexpr std::string_view Alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return key.size() == 24 && key.find_first_not_of(Alphabet) == 22 && key.substr(22) == "==";
}

/// What two readers of a request might understand differently. Repeated headers come joined by
/// commas.
std::string_view head_problem(const websocketpp::http::parser::request& parser) {
  constexpr std::string_view Digits = "0123456789";
  const std::string& length = parser.get_header("Content-Length");
  if (!parser.get_header("Transfer-Encoding").empty()) {
    return "Transfer-Encoding is not taken here: send a Content-Length";
  }
  if (length.find_first_not_of(Digits) != std::string::npos) {
    return "Content-Length must be one number";
  }
  if (parser.get_header("Host").find_first_of(", /@") != std::string::npos) {
    return "there must be one Host, a name or address and perhaps a port";
  }
  for (const auto& header : parser.get_headers()) {
    if (header.first.find_first_of(" \t") != std::string::npos)
      return "a header's name has a space";
  }
  if (websocketpp::processor::is_websocket_handshake(parser) && !length.empty() && length != "0") {
    return "a WebSocket handshake has no body";
  }
  return {};
}

}  // namespace

struct RequestReader::State {
  explicit State(Limits given) : limits(given) { parser.set_max_body_size(given.body); }

  Limits limits;
  websocketpp::http::parser::request parser;
  std::size_t head_bytes = 0;
  std::string tail;  ///< the last three bytes fed: where the head ends is looked for across feeds
  bool head_done = false;
  Request request;
  int status = 0;
  std::string error;

  Progress fail(int code, std::string text) {
    status = code;
    error = std::move(text);
    return Progress::Failed;
  }
  bool within_head_limit(std::string_view bytes);
  Progress finish();
};

RequestReader::RequestReader(Limits limits) : state_(std::make_unique<State>(limits)) {}
RequestReader::~RequestReader() = default;

bool RequestReader::State::within_head_limit(std::string_view bytes) {
  if (head_done) return true;
  const std::size_t before = tail.size();
  tail.append(bytes);
  const std::size_t end = tail.find("\r\n\r\n");
  head_done = end != std::string::npos;
  head_bytes += head_done ? end + 4 - before : bytes.size();
  if (tail.size() > 3) tail.erase(0, tail.size() - 3);
  return head_bytes <= limits.head;
}

RequestReader::Progress RequestReader::State::finish() {
  const std::string& target = parser.get_uri();
  if (target.empty() || target.front() != '/') {
    return fail(400, "the request target must begin with a slash");
  }
  if (parser.get_version() != "HTTP/1.1") return fail(505, "only HTTP/1.1 is spoken here");
  const auto problem = head_problem(parser);
  if (!problem.empty()) return fail(400, std::string(problem));
  const std::size_t mark = target.find('?');
  request.method = parser.get_method();
  request.path = target.substr(0, mark);
  if (mark != std::string::npos) request.query = target.substr(mark + 1);
  request.host = parser.get_header("Host");
  request.body = parser.get_body();
  request.forwarded_for = parser.get_header("X-Forwarded-For");
  request.forwarded_proto = parser.get_header("X-Forwarded-Proto");
  const auto origin = parser.get_headers().find("Origin");
  if (origin != parser.get_headers().end()) request.origin = origin->second;
  request.upgrade = websocketpp::processor::is_websocket_handshake(parser);
  request.version_13 = parser.get_header("Sec-WebSocket-Version") == "13";
  request.key_valid = is_base64_of_16_bytes(parser.get_header("Sec-WebSocket-Key"));
  websocketpp::http::parameter_list list;
  if (parser.get_header_as_plist("Sec-WebSocket-Protocol", list)) {
    return fail(400, "Sec-WebSocket-Protocol is no list of names");
  }
  for (const auto& entry : list) request.subprotocols.push_back(entry.first);
  return Progress::Ready;
}

RequestReader::Progress RequestReader::feed(std::string_view bytes, std::size_t& used) {
  used = 0;
  State& state = *state_;
  if (!state.within_head_limit(bytes)) {
    return state.fail(431, "request line and headers are limited to " +
                               std::to_string(state.limits.head) + " bytes");
  }
  try {
    while (used < bytes.size() && !state.parser.ready()) {
      used += state.parser.consume(bytes.data() + used, bytes.size() - used);
    }
  } catch (const websocketpp::http::exception& problem) {
    const int status = static_cast<int>(problem.m_error_code);
    return state.fail(status >= 400 ? status : 400, problem.what());
  } catch (const std::exception& problem) {
    return state.fail(400, problem.what());
  }
  return state.parser.ready() ? state.finish() : Progress::NeedsMore;
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

std::string RequestReader::accept(const std::string& subprotocol) const {
  const Processor processor(false, true, message_manager(), no_randomness());
  Config::response_type response;
  response.set_status(websocketpp::http::status_code::switching_protocols);
  response.set_version("HTTP/1.1");
  processor.process_handshake(state_->parser, subprotocol, response);
  return response.raw();
}

struct FrameReader::State {
  explicit State(std::size_t given) : processor(false, true, message_manager(), no_randomness()) {
    processor.set_max_message_size(given);
  }
  Processor processor;
  std::uint16_t close_code = 0;
  std::error_code problem;

  Progress fail(std::error_code why);
};

FrameReader::FrameReader(std::size_t limit) : state_(std::make_unique<State>(limit)) {}
FrameReader::~FrameReader() = default;

void FrameReader::set_limit(std::size_t limit) {
  state_->processor.set_max_message_size(limit);
}

bool FrameReader::in_message() const {
  return state_->processor.in_message();
}
std::size_t FrameReader::held() const {
  return state_->processor.held();
}

FrameReader::Progress FrameReader::State::fail(std::error_code why) {
  const auto code = websocketpp::processor::error::to_ws(why);
  problem = why;
  // Lengths in a longer form than needed have no code of their own there.
  close_code = code == websocketpp::close::status::internal_endpoint_error ? 1002 : code;
  return Progress::Failed;
}

FrameReader::Progress FrameReader::next(char* bytes, std::size_t size, std::size_t& used,
                                        Message& message) {
  namespace error = websocketpp::processor::error;
  Processor& processor = state_->processor;
  std::error_code problem;
  used = processor.consume(reinterpret_cast<std::uint8_t*>(bytes), size, problem);
  if (processor.length_is_signed()) {
    return state_->fail(error::make_error_code(error::protocol_violation));
  }
  if (problem) return state_->fail(problem);
  if (!processor.ready()) {
    processor.forget_claim();
    return Progress::NeedsMore;
  }
  if (processor.text_is_cut()) return state_->fail(error::make_error_code(error::invalid_utf8));
  const auto whole = processor.get_message();
  message.opcode = static_cast<Opcode>(whole->get_opcode());
  message.payload = std::move(whole->get_raw_payload());
  return Progress::Ready;
}

std::uint16_t FrameReader::close_code() const {
  return state_->close_code;
}
std::string FrameReader::error() const {
  return state_->problem.message();
}

CloseFrame read_close(const std::string& payload) {
  namespace status = websocketpp::close::status;
  if (payload.empty()) return {};
  if (payload.size() == 1) return {1002, status::protocol_error};
  const auto code = static_cast<std::uint16_t>((static_cast<unsigned char>(payload[0]) << 8U) |
                                               static_cast<unsigned char>(payload[1]));
  if (status::invalid(code) || status::reserved(code)) return {code, status::protocol_error};
  if (!websocketpp::utf8_validator::validate(payload.substr(2))) {
    return {code, status::invalid_payload};
  }
  return {code, code};
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
  constexpr std::size_t Most = 123;
  std::size_t length = reason.size();
  if (length > Most) {
    length = Most;
    while (length > 0 && (static_cast<unsigned char>(reason[length]) & 0xc0U) == 0x80U) --length;
  }
  std::string payload{static_cast<char>(code >> 8U), static_cast<char>(code & 0xffU)};
  payload.append(reason.substr(0, length));
  return payload;
}

}  // namespace signaller::net
