#include "irc/text/replies.hpp"

#include <array>
#include <cstddef>

namespace signaller::irc {
namespace {

/// The three digits of a numeric, as static text.
template <unsigned Number>
struct Digits {
  static_assert(Number < 1000);
  static constexpr std::array<char, 3> Text{static_cast<char>('0' + Number / 100),
                                            static_cast<char>('0' + Number / 10 % 10),
                                            static_cast<char>('0' + Number % 10)};
  static constexpr std::string_view view() { return {Text.data(), Text.size()}; }
};

constexpr std::array Replies{
#define REPLY(name, code, text) ReplyInfo{#name, Digits<code>::view(), text},
#include "irc/text/replies.def"
#undef REPLY
};

constexpr std::array Failures{
#define FAILURE(name, code, text) StandardReplyInfo{#name, code, text},
#define NOTE(name, code, text)
#include "irc/text/standard_replies.def"
#undef NOTE
#undef FAILURE
};

constexpr std::array Notes{
#define FAILURE(name, code, text)
#define NOTE(name, code, text) StandardReplyInfo{#name, code, text},
#include "irc/text/standard_replies.def"
#undef NOTE
#undef FAILURE
};

}  // namespace

const ReplyInfo& info(Reply reply) {
  return Replies.at(static_cast<std::size_t>(reply));
}
const StandardReplyInfo& info(Failure failure) {
  return Failures.at(static_cast<std::size_t>(failure));
}
const StandardReplyInfo& info(Note note) {
  return Notes.at(static_cast<std::size_t>(note));
}

}  // namespace signaller::irc
