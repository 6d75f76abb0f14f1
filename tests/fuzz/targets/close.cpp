// Close frames: the answer to each close frame has a code that may be sent. A close frame that the
// server writes is a valid control frame and reads back as the same.
// Input: the payload of a close frame. Its code and reason are also written as a close frame.
#include "net/http/codec.hpp"
#include "tests/fuzz/must.hpp"
#include "tests/fuzz/plain_text.hpp"

namespace {

/// Whether a close frame may hold the code (RFC 6455 §7.4 and the IANA registry).
bool may_be_sent(unsigned code) {
  return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
         (code >= 3000 && code < 5000);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signaller::fuzz;
  const std::string payload(text_of(data, size));
  const auto close = signaller::net::read_close(payload);
  if (payload.empty()) {
    must(close.code == 1005 && close.answer == 1005, "nothing was said, nothing is answered");
    return 0;
  }
  if (payload.size() == 1) must(close.answer == 1002, "half a code is an error");
  if (payload.size() < 2) return 0;
  const unsigned code = static_cast<unsigned>(data[0]) << 8U | data[1];
  must(close.code == code, "the code as it was sent");
  const std::string reason = payload.substr(2);
  const bool good = may_be_sent(code) && is_valid_utf8(reason);
  const unsigned answer = good ? code : may_be_sent(code) ? 1007 : 1002;
  must(close.answer == answer, "a good close frame is answered with its own code");

  const auto sent = static_cast<std::uint16_t>(code);
  const std::string written = signaller::net::close_payload(sent, reason);
  must(written.size() <= 125, "a control frame's payload");
  must(reason.compare(0, written.size() - 2, written, 2) == 0, "the beginning of the reason");
  if (reason.size() <= 123) must(written == payload, "the whole reason");
  if (!good) return 0;
  must(signaller::net::read_close(written).answer == code, "what is written reads back");
  must(reason.size() <= 123 || written.size() > 2 + 119, "no more is cut off than needs be");
  return 0;
}
