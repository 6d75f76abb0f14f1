// The headers that name the address of a client and the origin of a page.
// Input: three lines: X-Forwarded-For, Origin, Host.
#include "net/admission/forwarded.hpp"
#include "net/admission/networks.hpp"
#include "net/http/origin.hpp"
#include "tests/fuzz/must.hpp"
#include "tests/fuzz/plain_text.hpp"

namespace {

using signaller::net::Networks;
using signaller::net::OriginRule;
using signaller::net::Scheme;
using signaller::port::AddressRange;

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

const Networks& proxies() {
  static const Networks list = [] {
    Networks made;
    made.assign({"10.0.0.0/8", "2001:db8::/32"});
    return made;
  }();
  return list;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signaller::fuzz;
  std::string_view text = text_of(data, size);
  const std::string_view header = take_line(text);
  const std::string_view origin = take_line(text);
  const std::string_view host = take_line(text);

  const AddressRange proxy = *AddressRange::parse("10.1.2.3");
  const AddressRange client = signaller::net::forwarded_for(proxy, header, proxies());
  must(client.bits() == 128, "one address");
  // A client may invent entries to the left of its address: they must not change the answer.
  const std::string invented = "192.0.2.99, " + std::string(header);
  const AddressRange again = signaller::net::forwarded_for(proxy, invented, proxies());
  if (!proxies().contains(client)) must(again == client, "what is invented does not count");

  OriginRule none;
  OriginRule listed;
  must(!listed.assign({"https://*.example.org", "http://example.net:8080"}), "a good list");
  for (const Scheme scheme : {Scheme::Http, Scheme::Https, Scheme::Unknown}) {
    if (none.allows(origin, host, scheme)) {
      must(listed.allows(origin, host, scheme), "a list forbids nothing");
    }
    must(!none.allows("null", host, scheme), "no page without an origin unless it is listed");
  }
  const std::string refusal = signaller::net::origin_refusal(origin);
  must(is_valid_utf8(refusal) && refusal.size() < 1'000, "a sentence of some length");
  for (const char c : refusal)
    must(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "printable");
  return 0;
}
