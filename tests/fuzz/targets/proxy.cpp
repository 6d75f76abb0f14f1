// The PROXY protocol: bytes after the header do not change the result, and are never taken for a
// part of it. Input: the first bytes of a connection.
#include "net/admission/proxy_header.hpp"
#include "tests/fuzz/must.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signaller::fuzz;
  using signaller::net::ProxyHeader;
  using Progress = ProxyHeader::Progress;
  const std::string bytes(text_of(data, size));
  const ProxyHeader whole = ProxyHeader::read(bytes);
  std::size_t decided = bytes.size() + 1;
  for (std::size_t shown = 0; shown <= bytes.size() && shown <= ProxyHeader::MostBinary; ++shown) {
    const ProxyHeader early = ProxyHeader::read(std::string_view(bytes).substr(0, shown));
    if (early.progress == Progress::NeedsMore) {
      must(decided > bytes.size(), "what is decided stays so");
      continue;
    }
    if (decided > bytes.size()) decided = shown;
    must(early.progress == whole.progress, "the same answer once there is one");
    must(early.length == whole.length && early.port == whole.port, "the same length and port");
    must(early.source == whole.source, "the same client");
    must(early.problem.empty() == (early.progress == Progress::Ready), "a problem has a sentence");
  }
  if (whole.progress != Progress::Ready) {
    must(!whole.source, "no client without a header");
    must(whole.progress == Progress::Failed || bytes.size() < ProxyHeader::MostBinary, "bounded");
    return 0;
  }
  must(whole.length <= bytes.size() && whole.length <= ProxyHeader::MostBinary, "within bounds");
  must(whole.length >= 12, "the shortest signature");
  must(decided == whole.length, "a header is known with its last byte");
  const bool text = bytes.compare(0, 6, "PROXY ") == 0;
  if (text) {
    must(whole.length <= ProxyHeader::MostText, "the bound of the text form");
    must(bytes.compare(whole.length - 2, 2, "\r\n") == 0, "the text form ends with CRLF");
  }
  if (!whole.source) return 0;
  must(whole.source->bits() == 128, "one address");
  must(signaller::port::AddressRange::parse(whole.source->text()) == whole.source, "readable");
  return 0;
}
