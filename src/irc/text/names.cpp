#include "irc/text/names.hpp"

#include <algorithm>

#include "irc/text/text.hpp"

namespace signaller::irc {
namespace {

bool is_nick_char(char c) {
  return (fold(c) >= 'a' && fold(c) <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-';
}

}  // namespace

std::optional<Nick> Nick::parse(std::string_view text, std::size_t limit) {
  if (text.empty() || text.size() > limit) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), is_nick_char)) return std::nullopt;
  if (ObjectId::parse(text)) return std::nullopt;
  return Nick(text);
}

std::optional<ChannelName> ChannelName::parse(std::string_view text, std::size_t limit) {
  if (text.size() < 2 || text.front() != '#' || text.size() - 1 > limit) return std::nullopt;
  if (text.find_first_of(" ,*?!") != std::string_view::npos) return std::nullopt;
  if (has_control(text)) return std::nullopt;
  return ChannelName(text);
}

std::optional<PeerRef> parse_peer_ref(std::string_view text) {
  if (const auto id = ObjectId::parse(text)) return PeerRef(*id);
  if (!text.empty() && text.back() == '*') {
    const auto prefix = IdPrefix::parse(text.substr(0, text.size() - 1));
    return prefix ? std::optional<PeerRef>(*prefix) : std::nullopt;
  }
  const auto nick = Nick::parse(text, Nick::MostBytes);
  return nick ? std::optional<PeerRef>(*nick) : std::nullopt;
}

}  // namespace signaller::irc
