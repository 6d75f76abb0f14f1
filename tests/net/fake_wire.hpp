// A wire without sockets. It accepts as many bytes as the test allows, and records them for each
// subscriber.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "net/fanout/fanout.hpp"

namespace signaller::net {

class FakeWire final : public Wire {
 public:
  std::ptrdiff_t write(Subscriber& link, const iovec* parts, int count) override {
    ++writes;
    if (is_broken.count(&link) != 0) return -1;
    const auto limit = room.find(&link);
    std::size_t left = limit == room.end() ? SIZE_MAX : limit->second;
    std::size_t taken = 0;
    for (int i = 0; i < count && left > 0; ++i) {
      const std::size_t size = std::min(left, parts[i].iov_len);
      bytes[&link].append(static_cast<const char*>(parts[i].iov_base), size);
      left -= size;
      taken += size;
    }
    if (limit != room.end()) limit->second = left;
    return static_cast<std::ptrdiff_t>(taken);
  }
  void want_writable(Subscriber& link) override { wanting.push_back(&link); }
  void broken(Subscriber& link) override { broken_links.push_back(&link); }
  void too_slow(Subscriber& link) override { slow_links.push_back(&link); }
  void drained(Subscriber& link) override { drained_links.push_back(&link); }

  /// Returns and removes the texts of the complete frames that a subscriber has received.
  std::vector<std::string> take(Subscriber& link) {
    std::string& all = bytes[&link];
    std::vector<std::string> texts;
    std::size_t at = 0;
    while (at + 2 <= all.size()) {
      std::size_t length = static_cast<unsigned char>(all[at + 1]);
      std::size_t header = 2;
      if (length == 126) {
        length = static_cast<std::size_t>(static_cast<unsigned char>(all[at + 2])) * 256 +
                 static_cast<unsigned char>(all[at + 3]);
        header = 4;
      }
      if (at + header + length > all.size()) break;
      texts.push_back(all.substr(at + header, length));
      at += header + length;
    }
    all.erase(0, at);
    return texts;
  }

  /// Number of bytes that a subscriber still accepts; no entry: all.
  std::map<Subscriber*, std::size_t> room;
  std::map<Subscriber*, bool> is_broken;
  std::map<Subscriber*, std::string> bytes;
  std::vector<Subscriber*> wanting, broken_links, slow_links, drained_links;
  int writes = 0;
};

inline port::Forms forms(const std::string& text) {
  const auto bytes = std::make_shared<const std::string>(text);
  return {bytes, bytes};
}

}  // namespace signaller::net
