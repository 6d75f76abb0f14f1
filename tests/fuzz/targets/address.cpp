// Addresses and ranges: a value that is read and written reads back as the same value, and a range
// contains the addresses that begin with its bits.
// Input: two texts, separated by a line feed.
#include "port/address.hpp"

#include "tests/fuzz/must.hpp"
#include "tests/fuzz/plain_text.hpp"

namespace {

using signaller::port::AddressRange;
using namespace signaller::fuzz;

void check(const AddressRange& range) {
  const std::string text = range.text();
  must(!text.empty() && text.front() != ':' && text.find(' ') == std::string::npos &&
           !holds_control(text),
       "a parameter of a line");
  const auto again = AddressRange::parse(text);
  must(again && *again == range, "what is written reads back");
  must(again->text() == text, "one way to write it");
  must(range.contains(range), "it contains itself");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = text_of(data, size);
  const std::size_t end = std::min(input.find('\n'), input.size());
  const std::string_view first = input.substr(0, end);
  const std::string_view second = input.substr(std::min(end + 1, input.size()));
  const auto one = AddressRange::parse(first);
  const auto other = AddressRange::parse(second);
  if (one) check(*one);
  if (other) check(*other);
  if (one && other) {
    const bool both = one->contains(*other) && other->contains(*one);
    must(both == (*one == *other), "each contains the other only if they are the same");
  }
  const auto all = AddressRange::parse("::/0");
  must(!one || all->contains(*one), "everything lies in ::/0");

  const std::string key = signaller::port::limit_key(first);
  must(signaller::port::limit_key(first) == key, "the same key for the same address");
  const bool single = one && first.find('/') == std::string_view::npos;
  if (!one) must(key == first, "what is no address is itself");
  if (single) {
    const auto shared = AddressRange::parse(key);
    must(shared && shared->contains(*one), "a key's range holds the address");
  }
  return 0;
}
