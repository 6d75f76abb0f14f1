// Publishes the events that a command causes.
#pragma once

#include <utility>

#include "commands/context/answers.hpp"
#include "commands/session/publish.hpp"
#include "irc/events.hpp"

namespace signaller::commands {

/// Precondition of all functions: the caller has described itself.
class EventPublisher {
 public:
  /// Both references must outlive this object.
  EventPublisher(const Request& request, const Answers& answers)
      : request_(request), answers_(answers) {}

  /// Sends an event to the members of a channel except the caller. The caller need not be a member.
  template <class Event>
  void tell_others(Effects& out, const irc::Channel& channel, const Event& event) const {
    publish(request_.slash, out, channel, answers_.dated(line_of(event)), Event::Class,
            if_member(channel));
  }
  /// Sends an event to the members of a channel, and to the caller as a reply. The caller need not
  /// be a member.
  template <class Event>
  void tell(Effects& out, const irc::Channel& channel, const Event& event) const {
    irc::Line line = answers_.dated(line_of(event));
    answers_.reply(out, line, lane_of(channel));
    publish(request_.slash, out, channel, std::move(line), Event::Class, if_member(channel));
  }
  /// Sends an event once to each peer that shares a channel with the caller.
  template <class Event>
  void tell_shared(Effects& out, const Event& event) const {
    publish_shared(request_.slash, out, *request_.session.peer, answers_.dated(line_of(event)),
                   Event::Class, Event::SuppressedInBigChannels);
  }

 private:
  [[nodiscard]] const irc::Peer* if_member(const irc::Channel& channel) const {
    const irc::Peer* me = request_.session.peer;
    return me->is_in(channel) ? me : nullptr;
  }

  const Request& request_;
  const Answers& answers_;
};

}  // namespace signaller::commands
