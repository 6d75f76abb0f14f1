#include "commands/context/context.hpp"

#include <algorithm>
#include <variant>

#include "commands/session/acks.hpp"
#include "commands/session/charge.hpp"
#include "commands/session/hold_lines.hpp"
#include "irc/text/text.hpp"

namespace signaller::commands {

void Context::reply(Effects& out, irc::Line line, port::Lane lane) {
  line.at(now_.unix_ms);
  const port::Form form = described() ? session_.peer->form() : irc::PlainForm;
  out.add(port::Send{session_.connection, line.render(form, label_), port::FrameClass::Chat, lane,
                     false});
}

void Context::reply_again(Effects& out, const irc::StoredMessage& message, port::Lane lane) {
  out.add(port::Send{session_.connection, irc::Line(message).render(me().form(), label_),
                     port::FrameClass::Chat, lane, false});
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
  if (label_.empty() || acknowledged_) return;
  if (seq_ != 0 && acks_wait(slash_) && !stored_) {
    return ack_when_stored(slash_, out, pending_ack(), now_);
  }
  irc::Line line = server_line("ACK").param(target_);
  line.acknowledged(std::move(msgid_), seq_);
  reply(out, std::move(line));
}

PendingAck Context::pending_ack() const {
  PendingAck pending;
  pending.who = session_.connection;
  pending.label = label_;
  pending.command = command_;
  pending.message = {target_, msgid_, seq_};
  return pending;
}

bool Context::answer_retry(Effects& out) {
  const irc::LabelCache* before = me().label_cache();
  if (label_.empty() || before == nullptr) return false;
  const auto* first = before->find(label_, now_.steady_ms, slash_.options.label_ms);
  if (first == nullptr) return false;
  ack(first->target, first->msgid, first->seq);
  stored_ = slash_.write_behind.is_stored(slash_.world, *first);
  add_ack(out);
  acknowledged_ = true;
  return true;
}

void Context::ack_message(std::string_view target, const std::string& msgid, std::uint64_t seq) {
  if (label_.empty()) return;
  slash_.world.remember(me(), label_, {std::string(target), msgid, seq}, now_);
  ack(target, msgid, seq);
}

void Context::start(ReplyPart part) {
  if (session_.unread) return;
  if (!session_.reply) {
    session_.reply = std::make_unique<LongReply>();
    session_.reply->command = command_;
    session_.reply->label = label_;
    session_.reply->target = target_;
  }
  session_.reply->parts.push_back(std::move(part));
}

/// False: a piece is full, and something is left. What a piece ends with is marked.
bool Context::next_piece(Effects& out) {
  auto& parts = session_.reply->parts;
  const auto send_at = [&](std::size_t i) {
    auto* send = std::get_if<port::Send>(&*(out.begin() + static_cast<std::ptrdiff_t>(i)));
    return send != nullptr && send->to == session_.connection ? send : nullptr;
  };
  std::size_t looked_at = out.size();
  std::size_t bytes = 0;
  std::optional<std::size_t> last;
  while (!parts.empty()) {
    const bool done = parts.front().step(*this, parts.front(), out);
    if (done) parts.pop_front();
    for (; looked_at < out.size(); ++looked_at) {
      const port::Send* send = send_at(looked_at);
      if (send == nullptr) continue;
      bytes += send->text.size();
      last = looked_at;
    }
    if (!last || parts.empty() || (done && bytes < ReplyPieceBytes)) continue;
    send_at(*last)->more = true;
    return false;
  }
  return true;
}

/// Before a replay goes on in another turn: what is published until its end waits. That of the
/// other channels waits too: what concerns several of them must come once, and in its place.
void Context::keep_apart(Effects& out) {
  const auto& parts = session_.reply->parts;
  const auto has = [&parts](auto is_it) { return std::any_of(parts.begin(), parts.end(), is_it); };
  const auto is_replay = [](const ReplyPart& part) { return part.kind == ReplyPartKind::Replay; };
  if (has([&](const ReplyPart& part) { return is_replay(part) && part.name == "*"; }) &&
      !has([](const ReplyPart& part) { return part.kind == ReplyPartKind::Mail; })) {
    hold_mail(session_);
  }
  if (!has([&](const ReplyPart& part) { return is_replay(part) && part.name != "*"; })) return;
  for (const irc::Channel* channel : me().channels()) {
    const bool burst_to_come = has([&](const ReplyPart& part) {
      return part.kind == ReplyPartKind::Burst && part.name == channel->name();
    });
    if (!burst_to_come) hold_lines(slash_, out, session_, *channel);
  }
}

void Context::continue_reply(Effects& out) {
  if (!next_piece(out)) {
    keep_apart(out);
    return;
  }
  release_held_lines(slash_, out, session_);
  ack(session_.reply->target);
  const auto ended = std::move(session_.reply);  // it holds the label until the ACK is made
  add_ack(out);
}

std::uint64_t Context::await(Effects& out, PendingRequest pending_request) {
  pending_request.who = session_.connection;
  pending_request.command = command_;
  pending_request.label = label_;
  session_.pending_request = ++slash_.last_token;
  slash_.pending_request.emplace(session_.pending_request, std::move(pending_request));
  out.add(port::Hold{session_.connection});
  return session_.pending_request;
}

bool Context::use_power(std::string_view target) {
  if (!is_server_operator()) return false;
  power_ = target;
  return true;
}

void Context::note_power(Effects& out) {
  if (!power_.empty() && !audited_ && !refused_) audit(out, power_, "");
}

void Context::audit(Effects& out, std::string_view target, std::string_view reason,
                    std::string_view before, std::string_view after) {
  if (is_server_operator()) audit_always(out, target, reason, before, after);
}

void Context::audit_always(Effects& out, std::string_view target, std::string_view reason,
                           std::string_view before, std::string_view after) {
  constexpr std::size_t Enough = 512;  // of each text
  audited_ = true;
  port::AuditRecord record;
  record.id = ++slash_.last_audit;
  record.unix_ms = now_.unix_ms;
  record.actor = described() ? me().id().text() : "*";
  record.operator_name = session_.operator_name;
  record.verb = command_->name;
  record.target = irc::cut_utf8(target, Enough);
  record.reason = irc::cut_utf8(reason, Enough);
  record.before = irc::cut_utf8(before, Enough);
  record.after = irc::cut_utf8(after, Enough);
  slash_.audit.push_back(record);
  while (slash_.audit.size() > options().audit_entries) slash_.audit.pop_front();
  slash_.world.changes().add(record);
  out.add(port::Audit{std::move(record)});
}

Effects Context::fail_naming(irc::Failure failure, const std::vector<irc::PeerId>& ids) {
  irc::Line line = failure_line(failure);
  for (const auto& id : ids) line.param(id);
  line.trailing(irc::info(failure).text);
  return refusal(std::move(line), irc::info(failure).code);
}

Effects Context::fail_naming(irc::Failure failure, const std::vector<std::string_view>& names) {
  irc::Line line = failure_line(failure);
  for (const auto name : names) line.param(name);
  line.trailing(irc::info(failure).text);
  return refusal(std::move(line), irc::info(failure).code);
}

Effects Context::spend(double units) {
  const Excess excess = charge(slash_, session_, units, now_);
  if (excess.wait_ms == 0) return {};
  return fail(irc::Failure::RateLimited, {std::to_string(excess.wait_ms), excess.key});
}

Effects Context::spend_more(double units) {
  Effects refusal = spend(units);
  if (refused_) give_back(session_, command_->cost.units);
  return refusal;
}

Effects Context::refusal(irc::Line line, std::string_view code) {
  refused_ = true;
  slash_.counters.refuse(code);
  session_.faults.add(now_.steady_ms);
  Effects out;
  reply(out, std::move(line));
  return out;
}

irc::Line Context::numeric_line(irc::Reply reply, Params params, std::string_view text) const {
  irc::Line line(slash_.options.server_name, irc::info(reply).code);
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
