// The names of all replies: numerics (replies.def) and IRCv3 standard replies
// (standard_replies.def). No other file contains a numeric or a code.
#pragma once

#include <cstdint>
#include <string_view>

namespace signaller::irc {

enum class Reply : std::uint8_t {
#define REPLY(name, code, text) name,
#include "irc/text/replies.def"
#undef REPLY
};

enum class Failure : std::uint8_t {
#define FAILURE(name, code, text) name,
#define NOTE(name, code, text)
#include "irc/text/standard_replies.def"
#undef NOTE
#undef FAILURE
};

enum class Note : std::uint8_t {
#define FAILURE(name, code, text)
#define NOTE(name, code, text) name,
#include "irc/text/standard_replies.def"
#undef NOTE
#undef FAILURE
};

struct ReplyInfo {
  std::string_view name;
  std::string_view code;  ///< three digits
  std::string_view text;  ///< a format string of fmt
};

struct StandardReplyInfo {
  std::string_view name;
  std::string_view code;
  std::string_view text;
};

const ReplyInfo& info(Reply reply);
const StandardReplyInfo& info(Failure failure);
const StandardReplyInfo& info(Note note);

}  // namespace signaller::irc
