#include "irc/peer.hpp"

#include <algorithm>

#include "irc/text/json_writer.hpp"

namespace signaller::irc {

bool Peer::is_in(const Channel& channel) const {
  return std::find(channels_.begin(), channels_.end(), &channel) != channels_.end();
}

std::string_view direct_messages_text(DirectMessages from) {
  switch (from) {
    case DirectMessages::Anyone:
      return "anyone";
    case DirectMessages::Shared:
      return "shared";
    case DirectMessages::None:
      return "none";
  }
  return "";
}

std::string_view state_text(const Peer& peer) {
  return peer.is_live() ? "live" : "suspended";
}

void append_public(JsonWriter& json, const Peer& peer) {
  json.member("id").string(peer.id().text());
  json.member("nick").string_or_null(peer.nick());
  json.member("name").string_or_null(peer.name());
  json.member("info").raw(peer.profile().info.empty() ? "{}" : peer.profile().info);
}

std::string public_json(const Peer& peer) {
  JsonWriter json;
  append_public(json, peer);
  return json.done();
}

std::string whois_json(const Peer& peer) {
  JsonWriter json;
  append_public(json, peer);
  json.member("ctime").number(peer.created_ms());
  json.member("utime").number(peer.updated_ms());
  json.member("state").string(state_text(peer));
  return json.done();
}

}  // namespace signaller::irc
