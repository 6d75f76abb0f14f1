// Makes the lines that answer a command, and its refusals.
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
  /// @param request   must outlive this
  /// @param declared  the replies that may be given; must outlive the process's last reply
  Answers(const Request& request, const Replies& declared)
      : request_(request), declared_(declared) {}

  /// Sends a line, dated now.
  void reply(Effects& out, irc::Line line, port::Lane lane = 0) const;
  /// Sends a stored message with its own date.
  void reply_again(Effects& out, const irc::StoredMessage& message, port::Lane lane) const;
  /// `NOTE <COMMAND> <CODE> <param> :<text>`
  void note(Effects& out, irc::Note note, std::string_view param) const;

  /// A numeric; `values` fill the `{}` of its text. No trailing parameter if the text is empty.
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
  /// The beginning of a line of the server's with a verb.
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
  /// As `fail`; `names` holds as many ids or names as there are.
  template <class Names, class... Values>
  Refusal fail_naming(irc::Failure failure, const Names& names, const Values&... values) const {
    irc::Line line = failure_head(failure);
    for (const auto& name : names) line.param(name);
    line.trailing(fmt::format(fmt::runtime(irc::info(failure).text), values...));
    return {answer(std::move(line)), irc::info(failure).code};
  }
  /// 417. `token`: the token of 005 that states the limit; sizes in bytes.
  Refusal too_long(std::string_view token, std::size_t limit, std::size_t size) const {
    return refuse(irc::Reply::TooLong, {}, token, limit, size);
  }

  /// Takes cost units from the caller and its address. RATE_LIMITED: they are used up.
  Result<void> spend(double units) const;
  /// Takes more than the command's own cost. RATE_LIMITED: that cost is given back, too.
  Result<void> spend_more(double units) const;

  /// Sends a refusal and counts it.
  void give(Effects& out, Refusal refusal) const;

 private:
  [[nodiscard]] port::Send answer(irc::Line line, port::Lane lane = 0) const;
  /// `FAIL <COMMAND> <CODE>`
  [[nodiscard]] irc::Line failure_head(irc::Failure failure) const;

  const Request& request_;
  const Replies& declared_;
};

}  // namespace signaller::commands
