#include "tests/transcript/record_lines.hpp"

#include <nlohmann/json.hpp>
#include <set>

namespace signaller::transcript {
namespace {

using Json = nlohmann::json;

Json json_of(const port::PeerRecord& peer) {
  Json json = {{"nick", peer.nick},
               {"name", peer.name},
               {"secret", peer.secret},
               {"owned", peer.owned},
               {"here", peer.here},
               {"dm", peer.dm},
               {"blocks", peer.blocks},
               {"resume_ms", peer.resume_ms},
               {"tenure", peer.owner_generation},
               {"seen_ms", peer.seen_ms},
               {"created_ms", peer.created_ms},
               {"updated_ms", peer.updated_ms}};
  json["info"] = Json::parse(peer.info.empty() ? "{}" : peer.info);
  json["away"] = peer.away ? Json(*peer.away) : Json();
  return json;
}

Json json_of(const std::vector<port::StandingRecord>& standings) {
  Json json = Json::object();
  for (const auto& one : standings) {
    json[one.peer] = {{"rank", one.rank}, {"until_ms", one.until_ms}};
  }
  return json;
}

Json json_of(const port::BanRecord& ban) {
  return {
      {"by", ban.by}, {"reason", ban.reason}, {"set_ms", ban.set_ms}, {"until_ms", ban.until_ms}};
}

Json json_of(const port::ChannelRecord& channel) {
  Json json = {{"name", channel.name},
               {"topic", channel.topic},
               {"creator", channel.creator},
               {"epoch", channel.epoch},
               {"seq", channel.seq},
               {"token", channel.token},
               {"modes", channel.modes},
               {"title", channel.title},
               {"descp", channel.descp},
               {"created_ms", channel.created_ms},
               {"updated_ms", channel.updated_ms}};
  json["info"] = Json::parse(channel.info.empty() ? "{}" : channel.info);
  json["ranks"] = json_of(channel.ranks);
  json["mutes"] = json_of(channel.mutes);
  json["invites"] = json_of(channel.invites);
  json["bans"] = Json::object();
  for (const auto& ban : channel.bans) json["bans"][ban.whom] = json_of(ban);
  return json;
}

std::set<std::string> named_in(const port::Snapshot& held) {
  std::set<std::string> named;
  for (const auto& channel : held.channels) {
    named.insert(channel.creator);
    for (const auto& one : channel.ranks) named.insert(one.peer);
    for (const auto& one : channel.mutes) named.insert(one.peer);
    for (const auto& one : channel.bans) named.insert(one.whom);
  }
  for (const auto& ban : held.bans) named.insert(ban.whom);
  return named;
}

}  // namespace

std::vector<std::string> record_lines(const port::Snapshot& held) {
  std::vector<std::string> lines;
  for (const auto& peer : held.peers) {
    lines.push_back("peer " + peer.id + " " + json_of(peer).dump());
  }
  for (const auto& channel : held.channels) {
    lines.push_back("channel " + channel.name + " " + json_of(channel).dump());
  }
  for (const auto& member : held.members) {
    lines.push_back("member " + member.channel + " " + member.peer + " " +
                    (member.rank.empty() ? "-" : member.rank));
  }
  for (const auto& ban : held.bans) lines.push_back("ban " + ban.whom + " " + json_of(ban).dump());
  return lines;
}

std::string audit_line(const port::AuditRecord& record) {
  auto line = record.actor + " " + (record.operator_name.empty() ? "-" : record.operator_name) +
              " " + record.verb + " " + record.target + " :" + record.reason;
  if (!record.before.empty() || !record.after.empty()) {
    line += " (was: " + record.before + "; is: " + record.after + ")";
  }
  return line;
}

std::vector<std::string> banned_range_lines(const std::vector<port::BannedRange>& ranges) {
  std::vector<std::string> lines;
  for (const auto& one : ranges) {
    const auto until = one.until_ms == 0 ? "*" : std::to_string(one.until_ms);
    lines.push_back(one.range.text() + " " + until + " :" + one.text);
  }
  return lines;
}

std::string leftovers(const port::Snapshot& held) {
  const auto named = named_in(held);
  for (const auto& peer : held.peers) {
    if (peer.here) return "the peer " + peer.id + " is still here";
    if (named.count(peer.id) == 0) return "the peer " + peer.id + " stays, but nothing names it";
  }
  if (!held.members.empty()) return "somebody is still a member of " + held.members[0].channel;
  for (const auto& channel : held.channels) {
    const auto letters = channel.modes.substr(0, channel.modes.find(' '));
    if (letters.find('P') == std::string::npos) return "the channel " + channel.name + " stays";
  }
  return {};
}

}  // namespace signaller::transcript
