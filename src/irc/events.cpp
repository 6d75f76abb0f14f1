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
  return Line(event.who, "JOIN").param(event.where.name());
}

Line line_of(const Parted& event) {
  return with_reason(Line(event.who, "PART").param(event.where.name()), event.reason);
}

Line line_of(const Quit& event) {
  return with_reason(Line(event.who, "QUIT"), event.reason);
}

Line line_of(const AwayChanged& event) {
  return Line(event.who, "AWAY").trailing(event.who.away() ? *event.who.away() : "");
}

Line line_of(const Kicked& event) {
  return with_reason(Line(event.by, "KICK").param(event.where.name()).param(event.victim.id()),
                     event.reason);
}

std::string until_text(std::int64_t until_ms) {
  return until_ms == 0 ? "*" : std::to_string(until_ms);
}

Line line_of(const BannedFrom& event) {
  const std::string until = until_text(event.until_ms);
  Line line(event.by, "BAN");
  line.param(event.where.name()).param(event.victim).param(until);
  return with_reason(std::move(line), event.reason);
}

Line line_of(const Unbanned& event) {
  return Line(event.by, "UNBAN").param(event.where.name()).param(event.whom);
}

Line line_of(const ModeChanged& event) {
  Line line = event.by == nullptr ? Line(event.server, "MODE") : Line(*event.by, "MODE");
  line.param(event.where.name()).params(event.changes);
  return line;
}

Line line_of(const Invited& event) {
  return Line(event.by, "INVITE").param(event.whom).param(event.where.name());
}

Line line_of(const ChannelDescribed& event) {
  return Line(event.by, "DESCP").param(event.where.name()).trailing(public_json(event.where));
}

Line line_of(const Renamed& event) {
  return Line(event.who, "NICK").param(event.nick);
}

Line line_of(const Described& event) {
  return Line(event.who, "DESCP").param(event.who.id()).trailing(public_json(event.who));
}

Line line_of(const TopicChanged& event) {
  return Line(event.by, "TOPIC").param(event.where.name()).trailing(event.where.topic());
}

Line line_of(const ChannelMessage& event) {
  return Line(event.who, "PUBMSG").param(event.where.name()).trailing(event.content);
}

Line line_of(const PrivateMessage& event) {
  return Line(event.who, "PRIVMSG").param(event.whom.id()).trailing(event.content);
}

Line line_of(const Broadcasted& event) {
  return Line(event.who, "BROADCAST").param("*").trailing(event.content);
}

Line line_of(const MemberCount& event) {
  return Line(event.server, "COUNT").param(event.where.name()).param(event.where.members().size());
}

}  // namespace signaller::irc
