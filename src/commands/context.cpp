#include "commands/context.hpp"

#include <variant>

#include "irc/text.hpp"

namespace signaller::commands {

void Context::reply(Effects& out, irc::Line line, port::Lane lane) {
  line.at(now_.unix_ms);
  const port::Form form = described() ? session_.peer->form() : irc::PlainForm;
  out.add(port::Send{session_.connection, line.render(form, label_), port::FrameClass::Chat, lane,
                     false});
}

void Context::note(Effects& out, irc::Note note, std::string_view param) {
  const auto& entry = irc::info(note);
  reply(out, server_line("NOTE")
                 .param(irc::upper(command_->name))
                 .param(entry.code)
                 .param(param)
                 .trailing(entry.text));
}

void Context::ack(std::string_view target) {
  if (!label_.empty()) target_ = target;
}

void Context::ack(std::string_view target, std::string msgid, std::uint64_t seq) {
  ack(target);
  msgid_ = std::move(msgid);
  seq_ = seq;
}

void Context::add_ack(Effects& out) {
  if (label_.empty()) return;
  irc::Line line = server_line("ACK").param(target_);
  line.acknowledged(std::move(msgid_), seq_);
  reply(out, std::move(line));
}

void Context::start(Pump pump) {
  pump.command = command_;
  pump.label = label_;
  pump.target = target_;
  session_.pump = std::make_unique<Pump>(std::move(pump));
}

void Context::pump(Effects& out) {
  Pump& pump = *session_.pump;
  const std::size_t before = out.size();
  const bool last = pump.step(*this, pump, out);
  if (!last && out.size() > before) {
    if (auto* send = std::get_if<port::Send>(&*(out.end() - 1))) {
      send->more = true;
      return;
    }
  }
  ack(pump.target);
  const auto ended = std::move(session_.pump);  // it holds the label until the ACK is made
  add_ack(out);
}

Effects Context::fail_naming(irc::Failure failure, const std::vector<irc::PeerId>& ids) {
  irc::Line line = failure_line(failure);
  for (const auto& id : ids) line.param(id);
  line.trailing(irc::info(failure).text);
  return refusal(std::move(line));
}

Effects Context::refusal(irc::Line line) {
  refused_ = true;
  Effects out;
  reply(out, std::move(line));
  return out;
}

irc::Line Context::numeric_line(irc::Reply reply, Params params, std::string_view text) const {
  irc::Line line(core_.options.server_name, irc::info(reply).code);
  if (described()) {
    line.param(session_.peer->id());
  } else {
    line.param("*");
  }
  for (const auto param : params) line.param(param);
  if (!irc::info(reply).text.empty()) line.trailing(text);
  return line;
}

irc::Line Context::failure_line(irc::Failure failure) const {
  irc::Line line = server_line("FAIL");
  line.param(command_ == nullptr ? "*" : irc::upper(command_->name));
  line.param(irc::info(failure).code);
  return line;
}

}  // namespace signaller::commands
