// WebSocket frames by websocketpp. Only this file and request_reader.cpp include its parsers.
#include "net/http/codec.hpp"

#include <websocketpp/close.hpp>
#include <websocketpp/common/network.hpp>
#include <websocketpp/extensions/permessage_deflate/disabled.hpp>
#include <websocketpp/http/request.hpp>
#include <websocketpp/http/response.hpp>
#include <websocketpp/message_buffer/message.hpp>
#include <websocketpp/processors/hybi13.hpp>
#include <websocketpp/random/none.hpp>
#include <websocketpp/utf8_validator.hpp>

#include <algorithm>

namespace signaller::net {
namespace {

/// Creates the messages of the processor. Reserves no memory for the length that a frame header
/// claims.
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

/// The configuration members that the processor needs.
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
  static constexpr std::size_t max_message_size = 8192;  // each connection sets its own value
};

/// The processor with added checks, which websocketpp leaves to its user.
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
  /// Whether the length has the highest bit set, which must be zero (RFC 6455 §5.2). The processor
  /// would add such a length to the size of the message, and the sum would overflow.
  [[nodiscard]] bool length_is_signed() const {
    return m_state == APPLICATION && (m_extended_header.bytes[0] & 0x80U) != 0 &&
           websocketpp::frame::get_basic_size(m_basic_header) ==
               websocketpp::frame::payload_size_code_64bit;
  }
  /// Whether a whole text ends inside a code point. The processor checks this only for single
  /// frames.
  [[nodiscard]] bool text_is_cut() {
    return m_current_msg == &m_data_msg &&
           m_data_msg.msg_ptr->get_opcode() == websocketpp::frame::opcode::TEXT &&
           !m_data_msg.validator.complete();
  }
  /// The processor reserves memory for the whole length that the header of a continuation frame
  /// claims. Frees the unused part if the memory exceeds twice the received bytes plus SmallClaim.
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
  // Each thread has its own manager, so that threads do not share the use count of one shared_ptr.
  thread_local const auto manager = std::make_shared<Config::con_msg_manager_type>();
  return manager;
}

/// websocketpp detects the byte order at the first long frame. This call makes it do so before
/// there are threads, because two threads must not do so at once.
[[maybe_unused]] const std::uint64_t byte_order_known = websocketpp::lib::net::_htonll(1);

Config::rng_type& no_randomness() {
  static Config::rng_type rng;  // never used, because a server does not mask
  return rng;
}

}  // namespace

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

std::size_t FrameReader::limit() const {
  return state_->processor.get_max_message_size();
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
  // websocketpp has no error code for a length that is not in its shortest form.
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
