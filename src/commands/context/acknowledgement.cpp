#include "commands/context/acknowledgement.hpp"

#include <utility>

#include "commands/session/acks.hpp"

namespace signaller::commands {

void Acknowledgement::set(std::string_view target) {
  if (!request_.label.empty()) target_ = target;
}

void Acknowledgement::set(std::string_view target, std::string msgid, std::uint64_t seq) {
  set(target);
  msgid_ = std::move(msgid);
  seq_ = seq;
}

void Acknowledgement::set_message(std::string_view target, const std::string& msgid,
                                  std::uint64_t seq) {
  if (request_.label.empty()) return;
  request_.slash.world.remember(*request_.session.peer, request_.label,
                                {std::string(target), msgid, seq}, request_.now);
  set(target, msgid, seq);
}

bool Acknowledgement::answer_retry(Effects& out) {
  const irc::LabelCache* before = request_.session.peer->label_cache();
  if (request_.label.empty() || before == nullptr) return false;
  const SlashState& slash = request_.slash;
  const auto* first = before->find(request_.label, request_.now.steady_ms, slash.options.label_ms);
  if (first == nullptr) return false;
  set(first->target, first->msgid, first->seq);
  stored_ = slash.write_behind.is_stored(slash.world, *first);
  add(out);
  sent_ = true;
  return true;
}

void Acknowledgement::add(Effects& out) {
  if (request_.label.empty() || sent_) return;
  if (seq_ != 0 && acks_wait(request_.slash) && !stored_) {
    return ack_when_stored(request_.slash, out, pending_ack(), request_.now);
  }
  irc::Line line = answers_.server_line("ACK").param(target_);
  line.acknowledged(std::move(msgid_), seq_);
  answers_.reply(out, std::move(line));
}

PendingAck Acknowledgement::pending_ack() const {
  PendingAck pending;
  pending.who = request_.session.connection;
  pending.label = request_.label;
  pending.command = request_.command;
  pending.message = {target_, msgid_, seq_};
  return pending;
}

}  // namespace signaller::commands
