#include "commands/context/answers.hpp"

#include <string>

#include "commands/session/charge.hpp"
#include "irc/text/text.hpp"

namespace signaller::commands {

port::Send Answers::answer(irc::Line line, port::Lane lane) const {
  line.at(request_.now.unix_ms);
  const port::Form form = request_.described() ? request_.session.peer->form() : irc::PlainForm;
  return {request_.session.connection, line.render(form, request_.label), port::FrameClass::Chat,
          lane};
}

void Answers::reply(Effects& out, irc::Line line, port::Lane lane) const {
  out.add(answer(std::move(line), lane));
}

void Answers::reply_again(Effects& out, const irc::StoredMessage& message, port::Lane lane) const {
  const port::Form form = request_.session.peer->form();
  out.add(port::Send{request_.session.connection, irc::Line(message).render(form, request_.label),
                     port::FrameClass::Chat, lane, false});
}

void Answers::note(Effects& out, irc::Note note, std::string_view param) const {
  note_given(request_.slash, declared_, note);
  const auto& entry = irc::info(note);
  reply(out, server_line("NOTE")
                 .param(irc::upper(request_.command->name))
                 .param(entry.code)
                 .param(param)
                 .trailing(entry.text));
}

irc::Line Answers::numeric_head(irc::Reply reply) const {
  note_given(request_.slash, declared_, reply);
  irc::Line line(request_.slash.options.server_name, irc::info(reply).code);
  if (request_.described()) {
    line.param(request_.session.peer->id());
  } else {
    line.param("*");
  }
  return line;
}

irc::Line Answers::failure_head(irc::Failure failure) const {
  note_given(request_.slash, declared_, failure);
  irc::Line line = server_line("FAIL");
  line.param(request_.command == nullptr ? "*" : irc::upper(request_.command->name));
  line.param(irc::info(failure).code);
  return line;
}

Result<void> Answers::spend(double units) const {
  const Excess excess = charge(request_.slash, request_.session, units, request_.now);
  if (excess.wait_ms == 0) return {};
  return fail(irc::Failure::RateLimited, {std::to_string(excess.wait_ms), excess.key});
}

Result<void> Answers::spend_more(double units) const {
  auto spent = spend(units);
  if (!spent) give_back(request_.session, request_.command->cost.units);
  return spent;
}

void Answers::give(Effects& out, Refusal refusal) const {
  request_.slash.counters.refuse(refusal.code());
  request_.session.error_rate.add(request_.now.steady_ms);
  std::move(refusal).give(out);
}

}  // namespace signaller::commands
