#include "commands/gate.hpp"

#include <utility>

#include "commands/context/context.hpp"
#include "commands/grammar/line_decoder.hpp"
#include "commands/grammar/registry.hpp"
#include "commands/session/charge.hpp"
#include "irc/text/text.hpp"

namespace signaller::commands {
namespace {

using irc::Failure;
using irc::Reply;

/// The beginning of an unknown command name, for the reply.
std::string_view shown(std::string_view word) {
  constexpr std::size_t Enough = 32;
  return irc::has_control(word) ? std::string_view{} : irc::cut_utf8(word, Enough);
}

/// Checks the parts of a line that do not depend on its command.
Result<void> check_line(const Answers& gate, const Limits& limits, const DecodedLine& decoded,
                        std::string_view line, const Command* command) {
  if (line.size() > limits.line) return gate.too_long("LINELEN", limits.line, line.size());
  switch (decoded.error) {
    case LineError::None:
      break;
    case LineError::BadLabel:
      return gate.fail(Failure::InvalidLabel, {});
    case LineError::NotCommand:
      return gate.refuse(Reply::NotACommand, {shown(decoded.name)});
  }
  if (command == nullptr) return gate.refuse(Reply::UnknownCommand, {shown(decoded.name)});
  if (const auto offset = irc::find_forbidden(line)) {
    return gate.fail(Failure::InvalidCharacter, {std::to_string(*offset)});
  }
  return {};
}

/// Checks whether the caller may use a command with this access.
Result<void> check_access(const Answers& gate, const Request& request) {
  const Access access = request.command->access;
  if (access == Access::Anybody) return {};
  if (!request.described()) return gate.refuse(Reply::NotDescribed, {});
  if (access == Access::ServerOperator && !request.is_server_operator()) {
    return gate.refuse(Reply::NotServerOperator, {});
  }
  return {};
}

/// Checks a line with a known command, takes its cost, and returns its arguments.
Result<Args> admit(const Answers& gate, const Request& request, const DecodedLine& decoded,
                   std::string_view line) {
  const Limits& limits = request.slash.options.limits;
  auto checked = check_line(gate, limits, decoded, line, request.command);
  if (!checked) return checked.refusal();
  const Command& command = *request.command;
  ++request.slash.counters.commands[&command];
  auto allowed = check_access(gate, request);
  if (!allowed) return allowed.refusal();
  auto args = Args::fill(command.shape, line, decoded.rest);
  if (!args) {
    return gate.refuse(Reply::WrongArity, {irc::upper(command.name)}, form_of(command));
  }
  auto spent = gate.spend(command.cost.units);
  if (!spent) return spent.refusal();
  return *args;
}

/// Runs an admitted command, up to its ACK or to the first piece of its long reply.
Result<void> run(const Request& request, const Args& args, port::Effects& out) {
  Context ctx(request);
  auto result = request.command->run(ctx, args);
  if (!result) return result.refusal();
  ctx.audit_trail().note_power(*result);
  out += std::move(*result);
  Session& session = request.session;
  // A reload may have lowered `limits.faults` since the last error of the connection.
  close_after_too_many_errors(request.slash, out, session, request.now);
  if (session.closing || session.pending_request != 0) return {};
  if (session.reply) {
    ctx.deferred().next_piece(ctx, out);
  } else {
    ctx.acknowledgement().add(out);
  }
  return {};
}

/// Splits the answers to one frame into pieces, as a long reply is split: the answers may be far
/// longer than the frame. Looks at each effect once.
class Pace {
 public:
  explicit Pace(const port::Effects& out) : next_(out.size()) {}

  /// Returns true if the piece is full: the remaining lines must wait until its last answer has
  /// been written. The flag `more` of that answer then asks for on_drain.
  bool is_over(const Session& session, port::Effects& out) {
    if (session.unread) return false;
    for (; next_ < out.size(); ++next_) {
      const auto* const send = send_at(out, next_);
      if (send == nullptr || send->to != session.connection) continue;
      bytes_ += send->text.size();
      last_ = next_;
    }
    if (bytes_ < PieceBytes) return false;
    send_at(out, last_)->more = true;
    return true;
  }

 private:
  static constexpr std::size_t PieceBytes = std::size_t{32} * 1024;

  static port::Send* send_at(port::Effects& out, std::size_t i) {
    return std::get_if<port::Send>(&*(out.begin() + static_cast<std::ptrdiff_t>(i)));
  }

  std::size_t next_;
  std::size_t last_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace

void run_line(SlashState& slash, Session& session, std::string_view line, port::Instant now,
              port::Effects& out) {
  const DecodedLine decoded = decode_line(line);
  const Command* command = decoded.error == LineError::None ? find_command(decoded.name) : nullptr;
  const Request request{slash, session, now, decoded.label, command};
  const Answers gate(request, GateReplies);
  auto args = admit(gate, request, decoded, line);
  auto done = args ? run(request, *args, out) : Result<void>(args.refusal());
  if (done) return;
  gate.give(out, done.refusal());
  close_after_too_many_errors(slash, out, session, now);
}

void run_lines(SlashState& slash, Session& session, std::string_view text, port::Instant now,
               port::Effects& out) {
  Pace pace(out);
  while (!text.empty() && !session.closing) {
    if (session.is_busy() || !session.deferred.empty() || pace.is_over(session, out)) {
      if (!session.deferred.empty()) session.deferred += '\n';
      session.deferred += text;
      return;
    }
    const std::string_view line = take_line(text);
    if (!line.empty()) run_line(slash, session, line, now, out);
  }
}

void resume_reply(SlashState& slash, Session& session, port::Instant now, port::Effects& out) {
  if (session.reply) {
    Context ctx({slash, session, now, session.reply->label, session.reply->command});
    ctx.deferred().next_piece(ctx, out);
  }
  if (session.is_busy() || session.closing) return;
  const std::string deferred = std::exchange(session.deferred, {});
  run_lines(slash, session, deferred, now, out);
}

}  // namespace signaller::commands
