#include "irc/channel.hpp"

#include <fmt/format.h>

#include "irc/json_writer.hpp"

namespace signaller::irc {

std::string_view rank_sign(Rank rank) {
  switch (rank) {
    case Rank::None:
      return "";
    case Rank::Voice:
      return "+";
    case Rank::Operator:
      return "@";
  }
  return "";
}

Rank Channel::rank_of(const PeerId& id) const {
  const auto found = members_.find(id);
  return found == members_.end() ? Rank::None : found->second.rank;
}

std::string epoch_text(std::uint32_t epoch) {
  return fmt::format("{:08x}", epoch);
}

std::string position_text(std::uint32_t epoch, std::uint64_t seq) {
  return fmt::format("{:08x}:{}", epoch, seq);
}

std::string public_json(const Channel& channel) {
  JsonWriter json;
  json.member("id").string(channel.name());
  json.member("name").raw("null");
  json.member("descp").raw("null");
  json.member("info").raw("{}");
  json.member("peers").number(static_cast<std::int64_t>(channel.members().size()));
  json.member("uid").string(channel.creator().text());
  json.member("topic").string_or_null(channel.topic());
  json.member("modes").string(channel.token().empty() ? "" : "+k");
  json.member("ctime").number(channel.created_ms());
  json.member("utime").number(channel.updated_ms());
  return json.done();
}

}  // namespace signaller::irc
