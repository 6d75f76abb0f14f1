#include "net/admission/proxy_header.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace signaller::net {
namespace {

using Progress = ProxyHeader::Progress;

constexpr std::string_view TextStart = "PROXY ";
constexpr std::string_view BinaryStart{"\r\n\r\n\0\r\nQUIT\n", 12};

ProxyHeader failed(std::string_view problem) {
  ProxyHeader header;
  header.progress = Progress::Failed;
  header.problem = problem;
  return header;
}

ProxyHeader ready(std::size_t length) {
  ProxyHeader header;
  header.progress = Progress::Ready;
  header.length = length;
  return header;
}

/// Parses one address in the notation of the IP version.
std::optional<port::AddressRange> read_address(std::string_view text, bool v6) {
  const bool has_colon = text.find(':') != std::string_view::npos;
  if (has_colon != v6 || text.find('/') != std::string_view::npos) return std::nullopt;
  return port::AddressRange::parse(text);
}

/// Parses 0 to 65535 without sign and leading zeros (§2.1).
std::optional<std::uint16_t> read_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  const bool padded = text.size() > 1 && text.front() == '0';
  if (error != std::errc() || stop != end || padded) return std::nullopt;
  return port;
}

/// Removes and returns the text before the next space. Removes the space, too.
std::string_view take_word(std::string_view& rest) {
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  return word;
}

/// @param line  the header without its CRLF
ProxyHeader read_line(std::string_view line) {
  ProxyHeader header = ready(line.size() + 2);
  std::string_view rest = line.substr(TextStart.size());
  const std::string_view family = take_word(rest);
  if (family == "UNKNOWN") return header;  // the rest of the line is ignored
  if (family != "TCP4" && family != "TCP6")
    return failed("its family must be TCP4, TCP6 or UNKNOWN");
  const bool v6 = family == "TCP6";
  header.source = read_address(take_word(rest), v6);
  const auto destination = read_address(take_word(rest), v6);
  if (!header.source || !destination) return failed("an address does not belong to its family");
  const auto from = read_port(take_word(rest));
  const auto to = read_port(rest);
  if (!from || !to) return failed("a port must be a number from 0 to 65535");
  header.port = *from;
  return header;
}

ProxyHeader read_text(std::string_view bytes) {
  const std::string_view start = bytes.substr(0, ProxyHeader::MostText);
  const std::size_t end = start.find('\r');
  if (start.find('\n') < end) return failed("it contains a LF without CR");
  if (end != std::string_view::npos && end + 1 < start.size()) {
    return start[end + 1] == '\n' ? read_line(start.substr(0, end))
                                  : failed("it contains a CR without LF");
  }
  return start.size() < ProxyHeader::MostText ? ProxyHeader{}
                                              : failed("its line is longer than 107 bytes");
}

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}
std::uint16_t number_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(byte_at(bytes, at) << 8U | byte_at(bytes, at + 1));
}

/// Whether the TLVs after the addresses are well-formed (§2.2).
bool are_additions(std::string_view rest) {
  constexpr std::size_t Head = 3;
  while (!rest.empty()) {
    if (rest.size() < Head) return false;
    const std::size_t size = Head + number_at(rest, 1);
    if (size > rest.size()) return false;
    rest.remove_prefix(size);
  }
  return true;
}

/// Parses a whole binary header with the command PROXY.
ProxyHeader read_addresses(std::string_view header) {
  constexpr std::size_t Head = 16;
  constexpr unsigned Stream4 = 0x11;
  constexpr unsigned Stream6 = 0x21;
  const unsigned family = byte_at(header, 13);
  ProxyHeader result = ready(header.size());
  if (family == 0) return result;
  if (family != Stream4 && family != Stream6)
    return failed("its family must be TCP over IPv4 or IPv6");
  const std::size_t size = family == Stream4 ? 4 : 16;
  const std::string_view body = header.substr(Head);
  if (body.size() < 2 * size + 4) return failed("it is shorter than its addresses");
  if (!are_additions(body.substr(2 * size + 4)))
    return failed("its additional fields are cut short");
  result.source = port::AddressRange::from_bytes(body.substr(0, size));
  result.port = number_at(body, 2 * size);
  return result;
}

ProxyHeader read_binary(std::string_view bytes) {
  constexpr std::size_t Head = 16;
  constexpr unsigned Local = 0x20;
  constexpr unsigned Proxy = 0x21;
  if (bytes.size() > 12 && byte_at(bytes, 12) != Local && byte_at(bytes, 12) != Proxy) {
    return failed("its version must be 2, and its command must be LOCAL or PROXY");
  }
  if (bytes.size() < Head) return {};
  const std::size_t length = Head + number_at(bytes, 14);
  if (length > ProxyHeader::MostBinary) return failed("it is longer than 552 bytes");
  if (bytes.size() < length) return {};
  // A LOCAL header must be accepted whatever follows (§2.2).
  return byte_at(bytes, 12) == Local ? ready(length) : read_addresses(bytes.substr(0, length));
}

bool begins(std::string_view bytes, std::string_view start) {
  const std::size_t size = std::min(bytes.size(), start.size());
  return bytes.substr(0, size) == start.substr(0, size);
}

}  // namespace

ProxyHeader ProxyHeader::read(std::string_view bytes) {
  if (begins(bytes, BinaryStart)) {
    return bytes.size() < BinaryStart.size() ? ProxyHeader{} : read_binary(bytes);
  }
  if (begins(bytes, TextStart)) {
    return bytes.size() < TextStart.size() ? ProxyHeader{} : read_text(bytes);
  }
  return failed("it does not begin with the PROXY signature");
}

}  // namespace signaller::net
