#include "irc/stored_values.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>

#include "irc/text/text.hpp"

namespace signaller::irc {
namespace {

constexpr std::size_t LongestText = 65'536;

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

std::optional<port::Digest> parse_digest(std::string_view hex) {
  port::Digest digest{};
  if (hex.size() != 2 * digest.size()) return std::nullopt;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const int high = digit(hex[2 * i]);
    const int low = digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return digest;
}

std::optional<std::uint32_t> parse_epoch(std::string_view hex) {
  if (hex.size() != 8) return std::nullopt;
  std::uint32_t epoch = 0;
  for (const char c : hex) {
    if (digit(c) < 0) return std::nullopt;
    epoch = epoch * 16 + static_cast<std::uint32_t>(digit(c));
  }
  return epoch;
}

bool is_showable(std::string_view text) {
  return text.size() <= LongestText && is_utf8(text) && !find_forbidden(text);
}
bool is_plain(std::string_view text) {
  return text.size() <= LongestText && is_utf8(text) && !has_control(text);
}
bool is_object(std::string_view json) {
  return is_plain(json) && (json.empty() || (json.front() == '{' && nlohmann::json::accept(json)));
}

std::optional<DirectMessages> parse_direct_messages(std::string_view text) {
  for (const auto one : {DirectMessages::Anyone, DirectMessages::Shared, DirectMessages::None}) {
    if (direct_messages_text(one) == text) return one;
  }
  return std::nullopt;
}

std::optional<Rank> parse_rank(std::string_view sign) {
  for (const auto one : {Rank::None, Rank::Voice, Rank::Operator}) {
    if (rank_sign(one) == sign) return one;
  }
  return std::nullopt;
}

std::optional<Ban> parse_ban(port::BanRecord&& record) {
  const auto by = PeerId::parse(record.by);
  if (!by || !is_showable(record.reason)) return std::nullopt;
  return Ban{*by, std::move(record.reason), record.set_ms, record.until_ms};
}

std::string shown(std::string_view name) {
  std::string out;
  for (const char c : name.substr(0, 100)) {
    const bool plain = c > ' ' && c < '\x7f' && c != '\\';
    out += plain ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace signaller::irc
