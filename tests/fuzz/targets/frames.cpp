// The frame reader: wherever the bytes are cut, it finds the same messages as a plain reader of
// RFC 6455; no message is above the limit, and text is UTF-8.
// Input: a byte that chooses the limit; the client's bytes.
#include "net/http/codec.hpp"
#include "tests/fuzz/must.hpp"
#include "tests/fuzz/plain_frames.hpp"
#include "tests/fuzz/plain_text.hpp"
#include "tests/seeded.hpp"

namespace signaller::fuzz {
namespace {

using net::FrameReader;

/// Feeds the bytes in pieces of 1 to `most`.
ReadMessages read_in_pieces(std::string bytes, std::size_t limit, std::size_t most,
                            std::uint64_t seed) {
  tests::Seeded random(seed);
  FrameReader reader(limit);
  ReadMessages heard;
  net::Message message;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = at + std::min(bytes.size() - at, 1 + random.below(most));
    while (at < end) {
      std::size_t used = 0;
      const auto progress = reader.next(bytes.data() + at, end - at, used, message);
      if (progress == FrameReader::Progress::Failed) {
        heard.close_code = reader.close_code();
        must(!reader.error().empty(), "a failure says what was wrong");
        return heard;
      }
      must(used > 0 && used <= end - at, "it reads some of the bytes that it is given");
      at += used;
      if (progress != FrameReader::Progress::Ready) continue;
      must(message.payload.size() <= std::max<std::size_t>(limit, 125), "a message at its limit");
      heard.messages.push_back(message);
    }
  }
  return heard;
}

void must_be_same(const ReadMessages& one, const ReadMessages& other, const char* what) {
  must(one.close_code == other.close_code || (one.close_code != 0 && one.close_code == other.also),
       what);
  must(one.messages.size() == other.messages.size(), what);
  for (std::size_t i = 0; i < one.messages.size(); ++i) {
    must(one.messages[i].opcode == other.messages[i].opcode, what);
    must(one.messages[i].payload == other.messages[i].payload, what);
  }
}

}  // namespace
}  // namespace signaller::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signaller::fuzz;
  if (size == 0) return 0;
  constexpr std::size_t Limits[] = {8, 124, 125, 126, 300, 8192, 65'535, 262'144};
  const std::size_t limit = Limits[data[0] % std::size(Limits)];
  const std::string bytes(text_of(data + 1, size - 1));
  const ReadMessages whole = read_in_pieces(bytes, limit, bytes.size() + 1, 0);
  must_be_same(whole, read_in_pieces(bytes, limit, 1, 0), "the same, byte by byte");
  must_be_same(whole, read_in_pieces(bytes, limit, 9, seed_of(bytes)), "the same, in pieces");
  must_be_same(whole, read_plainly(bytes, limit), "what RFC 6455 says of these bytes");
  for (const auto& message : whole.messages) {
    if (message.opcode != signaller::net::Opcode::Text) continue;
    must(is_valid_utf8(message.payload), "text is UTF-8");
  }
  return 0;
}
