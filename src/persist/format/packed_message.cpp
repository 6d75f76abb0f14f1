#include "persist/format/packed_message.hpp"

#include <fmt/format.h>

#include <utility>

#include "persist/format/percent_encoding.hpp"
#include "persist/format/value_parser.hpp"
#include "port/url.hpp"

namespace signaller::persist {

std::string pack(const port::KeptMessage& message) {
  std::string from = message.from.empty() ? "-" : percent_encode(message.from);
  if (message.from == "-") from = "%2d";
  std::string out = fmt::format("{} {} {} {} {} ", message.unix_ms, percent_encode(message.msgid),
                                from, message.label.size(), message.name.size());
  return out.append(message.label).append(message.name).append(message.line);
}

bool unpack(std::string_view packed, port::KeptMessage& out) {
  std::string_view rest = packed;
  if (!next_number(rest, out.unix_ms)) return false;
  const auto msgid = next_token(rest);
  const auto from = msgid ? next_token(rest) : std::nullopt;
  std::size_t label = 0;
  std::size_t name = 0;
  if (!from || from->empty() || !next_number(rest, label) || !next_number(rest, name)) return false;
  if (label > rest.size() || name > rest.size() - label) return false;
  auto id = port::percent_decode(*msgid);
  auto sender = port::percent_decode(*from == "-" ? std::string_view() : *from);
  if (!id || !sender) return false;
  out.msgid = std::move(*id);
  out.from = std::move(*sender);
  out.label = rest.substr(0, label);
  out.name = rest.substr(label, name);
  out.line = rest.substr(label + name);
  return true;
}

}  // namespace signaller::persist
