// The context in which a verb runs: the world, the caller, the time, and the ways to answer. This
// folder has one small class for each way to answer. Code for one verb, or shared by several verbs
// (common/), does not belong here. Everything runs on the core's thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "commands/context/acknowledgement.hpp"
#include "commands/context/answers.hpp"
#include "commands/context/audit_trail.hpp"
#include "commands/context/deferred_reply.hpp"
#include "commands/context/event_publisher.hpp"

namespace signaller::commands {

/// A method without comment is described at the function that it calls.
class Context {
 public:
  /// `given.command` is not null.
  explicit Context(const Request& given) : request_(given) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  SlashState& slash() { return request_.slash; }
  irc::World& world() { return request_.slash.world; }
  Session& session() { return request_.session; }
  [[nodiscard]] const Options& options() const { return request_.slash.options; }
  [[nodiscard]] const Limits& limits() const { return request_.slash.options.limits; }
  [[nodiscard]] port::Instant now() const { return request_.now; }
  [[nodiscard]] std::string_view label() const { return request_.label; }
  [[nodiscard]] const Command& command() const { return *request_.command; }
  [[nodiscard]] bool described() const { return request_.described(); }
  [[nodiscard]] bool is_server_operator() const { return request_.is_server_operator(); }
  /// The caller. Precondition: the caller has described itself.
  irc::Peer& me() { return *request_.session.peer; }

  // Refusals; a verb returns them.
  template <class... Values>
  Refusal refuse(irc::Reply reply, Params params, const Values&... values) const {
    return answers_.refuse(reply, params, values...);
  }
  template <class... Values>
  Refusal fail(irc::Failure failure, Params params, const Values&... values) const {
    return answers_.fail(failure, params, values...);
  }
  template <class Names>
  Refusal fail_naming(irc::Failure failure, const Names& names) const {
    return answers_.fail_naming(failure, names);
  }
  Refusal too_long(std::string_view token, std::size_t limit, std::size_t size) const {
    return answers_.too_long(token, limit, size);
  }
  Result<void> spend_more(double units) const { return answers_.spend_more(units); }
  void give(Effects& out, Refusal refusal) const { answers_.give(out, std::move(refusal)); }

  // Replies.
  void reply(Effects& out, irc::Line line, port::Lane lane = 0) const {
    answers_.reply(out, std::move(line), lane);
  }
  void reply_again(Effects& out, const irc::StoredMessage& message, port::Lane lane) const {
    answers_.reply_again(out, message, lane);
  }
  void note(Effects& out, irc::Note note, std::string_view param) const {
    answers_.note(out, note, param);
  }
  template <class... Values>
  [[nodiscard]] irc::Line numeric(irc::Reply reply, Params params, const Values&... values) const {
    return answers_.numeric(reply, params, values...);
  }
  [[nodiscard]] irc::Line numeric_head(irc::Reply reply) const {
    return answers_.numeric_head(reply);
  }
  [[nodiscard]] irc::Line server_line(std::string_view verb) const {
    return answers_.server_line(verb);
  }
  [[nodiscard]] irc::Line dated(irc::Line line) const { return answers_.dated(std::move(line)); }

  // The objects behind the methods above.
  Acknowledgement& acknowledgement() { return ack_; }
  void ack(std::string_view target) { ack_.set(target); }
  DeferredReply& deferred() { return deferred_; }
  AuditTrail& audit_trail() { return audit_; }
  bool use_power(std::string_view target) { return audit_.use_power(target); }
  void audit(Effects& out, std::string_view target, std::string_view reason,
             std::string_view before = {}, std::string_view after = {}) {
    audit_.note(out, target, reason, before, after);
  }
  template <class Event>
  void tell(Effects& out, const irc::Channel& channel, const Event& event) const {
    events_.tell(out, channel, event);
  }
  template <class Event>
  void tell_others(Effects& out, const irc::Channel& channel, const Event& event) const {
    events_.tell_others(out, channel, event);
  }
  template <class Event>
  void tell_shared(Effects& out, const Event& event) const {
    events_.tell_shared(out, event);
  }

 private:
  const Request request_;
  Answers answers_{request_, request_.command->replies};
  Acknowledgement ack_{request_, answers_};
  DeferredReply deferred_{request_, ack_};
  AuditTrail audit_{request_};
  EventPublisher events_{request_, answers_};
};

}  // namespace signaller::commands
