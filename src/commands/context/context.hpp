// What a command is run with: the world, who asks, now, and the ways to answer.
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "commands/grammar/command.hpp"
#include "commands/session/publish.hpp"
#include "commands/session/slash_state.hpp"
#include "irc/events.hpp"
#include "irc/line.hpp"
#include "irc/text/replies.hpp"

namespace signaller::commands {

using port::Effects;
using Params = std::initializer_list<std::string_view>;

class Context {
 public:
  Context(SlashState& slash, Session& session, port::Instant now, std::string_view label,
          const Command* command)
      : slash_(slash), session_(session), now_(now), label_(label), command_(command) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  SlashState& slash() { return slash_; }
  irc::World& world() { return slash_.world; }
  Session& session() { return session_; }
  [[nodiscard]] const Options& options() const { return slash_.options; }
  [[nodiscard]] const Limits& limits() const { return slash_.options.limits; }
  [[nodiscard]] port::Instant now() const { return now_; }
  [[nodiscard]] std::string_view label() const { return label_; }
  [[nodiscard]] const Command& command() const { return *command_; }
  /// Whether the caller has described itself; only then is there a `me`.
  [[nodiscard]] bool described() const { return session_.peer != nullptr; }
  irc::Peer& me() { return *session_.peer; }
  /// Whether the caller is an operator of the server: then it is one of every channel.
  [[nodiscard]] bool is_server_operator() const { return !session_.operator_name.empty(); }
  /// Whether the caller may do to `target`, as a server operator, what it otherwise may not. That
  /// it has is noted in the audit log once the command has ended, unless the command does so
  /// itself.
  bool use_power(std::string_view target);
  /// Notes that it has been used.
  void note_power(Effects& out);

  // Refusals. Each is the last line of the reply: no ACK follows.

  /// An error numeric; `values` fill the `{}` of its text.
  template <class... Values>
  Effects refuse(irc::Reply reply, Params params, const Values&... values) {
    return refusal(numeric(reply, params, values...), irc::info(reply).code);
  }
  /// `FAIL <COMMAND> <CODE> <params> :<text>`
  template <class... Values>
  Effects fail(irc::Failure failure, Params params, const Values&... values) {
    irc::Line line = failure_line(failure);
    for (const auto param : params) line.param(param);
    line.trailing(fmt::format(fmt::runtime(irc::info(failure).text), values...));
    return refusal(std::move(line), irc::info(failure).code);
  }
  /// A failure whose parameters are ids.
  Effects fail_naming(irc::Failure failure, const std::vector<irc::PeerId>& ids);
  Effects fail_naming(irc::Failure failure, const std::vector<std::string_view>& names);
  /// 417: `size` bytes were given, `limit` may be, and the token of 005 that says so.
  Effects too_long(std::string_view token, std::size_t limit, std::size_t size) {
    return refuse(irc::Reply::TooLong, {}, token, limit, size);
  }
  [[nodiscard]] bool refused() const { return refused_; }
  /// Takes cost units from the caller and its address. RATE_LIMITED if they are used up, or empty.
  Effects spend(double units);
  /// Takes more than the command's own cost, or, RATE_LIMITED, nothing at all.
  Effects spend_more(double units);

  // Replies to the caller: in its form, with the label.

  void reply(Effects& out, irc::Line line, port::Lane lane = 0);
  /// A message as it was.
  void reply_again(Effects& out, const irc::StoredMessage& message, port::Lane lane);
  /// A numeric; without trailing parameter if its text is empty.
  template <class... Values>
  [[nodiscard]] irc::Line numeric(irc::Reply reply, Params params, const Values&... values) const {
    return numeric_line(reply, params, fmt::format(fmt::runtime(irc::info(reply).text), values...));
  }
  /// A line of the server's with a verb.
  [[nodiscard]] irc::Line server_line(std::string_view verb) const {
    return irc::Line(slash_.options.server_name, verb);
  }
  void note(Effects& out, irc::Note note, std::string_view param);

  // What the ACK of a labelled command says; `*` unless told.

  void ack(std::string_view target);
  void ack(std::string_view target, std::string msgid, std::uint64_t seq);
  void add_ack(Effects& out);

  // Retries: a label that was acknowledged once is not acted on again.

  /// Answers a message with the first ACK if the caller has labelled a message so before: true
  /// then.
  [[nodiscard]] bool answer_retry(Effects& out);
  /// As `ack`, and so that a retry gets it again.
  void ack_message(std::string_view target, const std::string& msgid, std::uint64_t seq);

  // A reply in pieces. The ACK comes after the last one.

  /// Adds a part to the reply, after those that were added before.
  void start(ReplyPart part);
  /// The next piece, and the end of the reply with the last.
  void continue_reply(Effects& out);

  // An answer from elsewhere. The caller's next lines wait, and so does the ACK.

  /// The token for the Verify or Ask that is to be added to the effects after this.
  std::uint64_t await(Effects& out, PendingRequest pending_request);
  /// The answer is there: what `act` does ends the reply.
  template <class Act>
  void answered(Effects& out, Act act) {
    out += act();
    if (!refused_) add_ack(out);
  }

  // The audit log.

  /// Notes what a server operator has done to `target`; anybody else's doing is not noted.
  /// `before` and `after` may be empty. No secrets.
  void audit(Effects& out, std::string_view target, std::string_view reason,
             std::string_view before = {}, std::string_view after = {});
  /// Notes it whoever has done it.
  void audit_always(Effects& out, std::string_view target, std::string_view reason,
                    std::string_view before = {}, std::string_view after = {});

  // Events.

  /// To the members but the caller, be it a member or not.
  template <class Event>
  void tell_others(Effects& out, const irc::Channel& channel, const Event& event) {
    publish(slash_, out, channel, dated(line_of(event)), Event::Class, if_member(channel));
  }
  /// To the members, and to the caller as a reply, be it a member or not.
  template <class Event>
  void tell(Effects& out, const irc::Channel& channel, const Event& event) {
    irc::Line line = dated(line_of(event));
    reply(out, line, lane_of(channel));
    publish(slash_, out, channel, std::move(line), Event::Class, if_member(channel));
  }
  /// Once to each peer that shares a channel with the caller.
  template <class Event>
  void tell_shared(Effects& out, const Event& event) {
    publish_shared(slash_, out, me(), dated(line_of(event)), Event::Class,
                   Event::SuppressedInBigChannels);
  }
  irc::Line dated(irc::Line line) const {
    line.at(now_.unix_ms);
    return line;
  }

 private:
  const irc::Peer* if_member(const irc::Channel& channel) {
    return me().is_in(channel) ? &me() : nullptr;
  }
  [[nodiscard]] PendingAck pending_ack() const;
  bool next_piece(Effects& out);
  void keep_apart(Effects& out);
  /// @param code  a literal: what it is counted as
  Effects refusal(irc::Line line, std::string_view code);
  [[nodiscard]] irc::Line numeric_line(irc::Reply reply, Params params,
                                       std::string_view text) const;
  /// `FAIL <COMMAND> <CODE>`
  [[nodiscard]] irc::Line failure_line(irc::Failure failure) const;

  SlashState& slash_;
  Session& session_;
  port::Instant now_;
  std::string_view label_;
  const Command* command_;  ///< null: the line has not got that far
  bool refused_ = false;
  bool audited_ = false;
  std::string power_;  ///< on what it was used
  bool acknowledged_ = false;
  bool stored_ = false;  ///< what the ACK is about, and long since
  std::string target_ = "*";
  std::string msgid_;
  std::uint64_t seq_ = 0;
};

}  // namespace signaller::commands
