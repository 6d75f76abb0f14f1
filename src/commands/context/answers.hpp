// Builds the replies and refusals of a command.
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "commands/context/request.hpp"
#include "commands/session/given_replies.hpp"
#include "irc/line.hpp"
#include "irc/text/replies.hpp"
#include "port/result.hpp"

namespace signaller::commands {

using port::Effects;
using port::Refusal;
using port::Result;
using Params = std::initializer_list<std::string_view>;

/// Replies go to the caller, in its form, with the label of the request.
class Answers {
 public:
  /// @param request   must outlive this object
  /// @param declared  the replies that the command may give; must outlive the last reply
  Answers(const Request& request, const Replies& declared)
      : request_(request), declared_(declared) {}

  /// Sends a line with the present time.
  void reply(Effects& out, irc::Line line, port::Lane lane = 0) const;
  /// Sends a stored message with its own time.
  void reply_again(Effects& out, const irc::StoredMessage& message, port::Lane lane) const;
  /// Sends `NOTE <COMMAND> <CODE> <param> :<text>`.
  void note(Effects& out, irc::Note note, std::string_view param) const;

  /// A numeric; `values` fill the `{}` of its text. Without text it has no trailing parameter.
  template <class... Values>
  [[nodiscard]] irc::Line numeric(irc::Reply reply, Params params, const Values&... values) const {
    irc::Line line = numeric_head(reply);
    for (const auto param : params) line.param(param);
    const std::string_view text = irc::info(reply).text;
    if (!text.empty()) line.trailing(fmt::format(fmt::runtime(text), values...));
    return line;
  }
  /// The beginning of a numeric: `:<server> <numeric> <id, or *>`.
  [[nodiscard]] irc::Line numeric_head(irc::Reply reply) const;
  /// The beginning of a line with a verb, from the server.
  [[nodiscard]] irc::Line server_line(std::string_view verb) const {
    return irc::Line(request_.slash.options.server_name, verb);
  }
  [[nodiscard]] irc::Line dated(irc::Line line) const {
    line.at(request_.now.unix_ms);
    return line;
  }

  /// An error numeric; `values` fill the `{}` of its text.
  template <class... Values>
  Refusal refuse(irc::Reply reply, Params params, const Values&... values) const {
    return {answer(numeric(reply, params, values...)), irc::info(reply).code};
  }
  /// `FAIL <COMMAND> <CODE> <params> :<text>`; `values` fill the `{}` of the text.
  template <class... Values>
  Refusal fail(irc::Failure failure, Params params, const Values&... values) const {
    return fail_naming(failure, params, values...);
  }
  /// As `fail`; `names` holds any number of ids or names.
  template <class Names, class... Values>
  Refusal fail_naming(irc::Failure failure, const Names& names, const Values&... values) const {
    irc::Line line = failure_head(failure);
    for (const auto& name : names) line.param(name);
    line.trailing(fmt::format(fmt::runtime(irc::info(failure).text), values...));
    return {answer(std::move(line)), irc::info(failure).code};
  }
  /// Refuses with 417. `token`: the token of 005 that states the limit; sizes in bytes.
  Refusal too_long(std::string_view token, std::size_t limit, std::size_t size) const {
    return refuse(irc::Reply::TooLong, {}, token, limit, size);
  }

  /// Takes cost units from the caller and its address. Refuses with RATE_LIMITED if too few units
  /// are left.
  Result<void> spend(double units) const;
  /// Takes units in addition to the command's own cost. If too few are left, refuses with
  /// RATE_LIMITED and gives the command's own cost back.
  Result<void> spend_more(double units) const;

  /// Sends a refusal and counts it.
  void give(Effects& out, Refusal refusal) const;

 private:
  [[nodiscard]] port::Send answer(irc::Line line, port::Lane lane = 0) const;
  /// The beginning `FAIL <COMMAND> <CODE>`.
  [[nodiscard]] irc::Line failure_head(irc::Failure failure) const;

  const Request& request_;
  const Replies& declared_;
};

}  // namespace signaller::commands
