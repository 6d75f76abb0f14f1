#include "irc/events.hpp"

#include <algorithm>
#include <utility>

namespace signaller::irc {
namespace {

Line with_reason(Line line, std::string_view reason) {
  if (!reason.empty()) line.trailing(reason);
  return line;
}

}  // namespace

Line line_of(const Joined& event) {
  return Line(event.peer, "JOIN").param(event.channel.name());
}

Line line_of(const Parted& event) {
  return with_reason(Line(event.peer, "PART").param(event.channel.name()), event.reason);
}

Line line_of(const Quit& event) {
  return with_reason(Line(event.peer, "QUIT"), event.reason);
}

Line line_of(const AwayChanged& event) {
  return Line(event.peer, "AWAY").trailing(event.peer.away() ? *event.peer.away() : "");
}

Line line_of(const Kicked& event) {
  return with_reason(Line(event.by, "KICK").param(event.channel.name()).param(event.victim.id()),
                     event.reason);
}

std::string until_text(std::int64_t until_ms) {
  return until_ms == 0 ? "*" : std::to_string(until_ms);
}

Line line_of(const BannedFrom& event) {
  const std::string until = until_text(event.until_ms);
  Line line(event.by, "BAN");
  line.param(event.channel.name()).param(event.victim).param(until);
  return with_reason(std::move(line), event.reason);
}

Line line_of(const Unbanned& event) {
  return Line(event.by, "UNBAN").param(event.channel.name()).param(event.unbanned);
}

Line line_of(const ModeChanged& event) {
  Line line = event.by == nullptr ? Line(event.server, "MODE") : Line(*event.by, "MODE");
  line.param(event.channel.name()).params(event.changes);
  return line;
}

Line line_of(const Invited& event) {
  return Line(event.by, "INVITE").param(event.invited).param(event.channel.name());
}

Line line_of(const ChannelDescribed& event) {
  return Line(event.by, "DESCP").param(event.channel.name()).trailing(public_json(event.channel));
}

Line line_of(const Renamed& event) {
  return Line(event.peer, "NICK").param(event.nick);
}

Line line_of(const Described& event) {
  return Line(event.peer, "DESCP").param(event.peer.id()).trailing(public_json(event.peer));
}

Line line_of(const TopicChanged& event) {
  return Line(event.by, "TOPIC").param(event.channel.name()).trailing(event.channel.topic());
}

Line line_of(const ChannelMessage& event) {
  return Line(event.peer, "PUBMSG").param(event.channel.name()).trailing(event.content);
}

Line line_of(const PrivateMessage& event) {
  return Line(event.peer, "PRIVMSG").param(event.target.id()).trailing(event.content);
}

Line line_of(const Broadcasted& event) {
  return Line(event.peer, "BROADCAST").param("*").trailing(event.content);
}

Line line_of(const MemberCount& event) {
  return Line(event.server, "COUNT")
      .param(event.channel.name())
      .param(event.channel.members().size());
}

}  // namespace signaller::irc
