#include "irc/events.hpp"

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

Line line_of(const Quitted& event) {
  return with_reason(Line(event.who, "QUIT"), event.reason);
}

Line line_of(const AwayChanged& event) {
  return Line(event.who, "AWAY").trailing(event.who.away() ? *event.who.away() : "");
}

Line line_of(const Kicked& event) {
  return with_reason(Line(event.by, "KICK").param(event.where.name()).param(event.victim.id()),
                     event.reason);
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

Line line_of(const Said& event) {
  return Line(event.who, "PUBMSG").param(event.where.name()).trailing(event.content);
}

Line line_of(const Told& event) {
  return Line(event.who, "PRIVMSG").param(event.whom.id()).trailing(event.content);
}

Line line_of(const Broadcasted& event) {
  return Line(event.who, "BROADCAST").param("*").trailing(event.content);
}

Line line_of(const Counted& event) {
  return Line(event.server, "COUNT").param(event.where.name()).param(event.where.members().size());
}

}  // namespace signaller::irc
