#include "irc/channel.hpp"

#include <fmt/format.h>

#include "irc/peer.hpp"
#include "irc/text/json_writer.hpp"

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

char mode_letter(Rank rank) {
  switch (rank) {
    case Rank::None:
      break;
#define RANK_MODE(letter, enumerator) \
  case Rank::enumerator:              \
    return #letter[0];
#include "irc/modes.def"
  }
  return '\0';
}

Rank Channel::rank_of(const PeerId& id) const {
  const auto found = members_.find(id);
  return found == members_.end() ? Rank::None : found->second.rank;
}

bool Channel::is_banned(const PeerId& id, std::int64_t now_ms) const {
  const auto found = state_.bans.find(id);
  return found != state_.bans.end() && !is_over(found->second.until_ms, now_ms);
}

bool Channel::is_muted(const PeerId& id, std::int64_t now_ms) const {
  const auto found = state_.mutes.find(id);
  return found != state_.mutes.end() && !is_over(found->second, now_ms);
}

bool Channel::is_invited(const Peer& peer, std::int64_t now_ms) const {
  const auto found = state_.invites.find(peer.id());
  return found != state_.invites.end() && !is_over(found->second.until_ms, now_ms) &&
         found->second.owner_generation == peer.claim().owner_generation;
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
  const ChannelProfile& profile = channel.state().profile;
  json.member("name").string_or_null(profile.name);
  json.member("descp").string_or_null(profile.descp);
  json.member("info").raw(profile.info.empty() ? "{}" : profile.info);
  json.member("peers").number(static_cast<std::int64_t>(channel.members().size()));
  json.member("uid").string(channel.creator().text());
  json.member("topic").string_or_null(channel.topic());
  json.member("modes").string(channel.modes_text());
  json.member("ctime").number(channel.created_ms());
  json.member("utime").number(channel.updated_ms());
  return json.done();
}

}  // namespace signaller::irc
