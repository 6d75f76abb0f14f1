#include "irc/modes.hpp"

#include <fmt/format.h>

namespace signaller::irc {

std::string modes_text(const Modes& modes, bool has_token) {
  std::string letters;
  std::string values;
  const auto letter = [&letters](char c, bool on) {
    if (on) letters += c;
  };
  const auto value = [&](char c, bool on, std::size_t number) {
    letter(c, on);
    if (on) values += fmt::format(" {}", number);
  };
  letter('D', modes.danmaku);
  value('H', modes.history.has_value(), modes.history.value_or(0));
  letter('P', modes.persistent);
  value('S', modes.slow_s != 0, modes.slow_s);
  letter('i', modes.invite_only);
  letter('k', has_token);
  value('l', modes.limit != 0, modes.limit);
  letter('m', modes.moderated);
  letter('s', modes.secret);
  return letters.empty() ? letters : '+' + letters + values;
}

}  // namespace signaller::irc
