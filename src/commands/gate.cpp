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

/// What of a word that is no command is shown to its writer: enough to know it again.
std::string_view shown(std::string_view word) {
  constexpr std::size_t Enough = 32;
  return irc::has_control(word) ? std::string_view{} : irc::cut_utf8(word, Enough);
}

/// Faults of the line itself. Empty effects: none.
Effects check_line(Context& ctx, const DecodedLine& decoded, std::string_view line, bool known) {
  if (line.size() > ctx.limits().line) {
    return ctx.too_long("LINELEN", ctx.limits().line, line.size());
  }
  switch (decoded.fault) {
    case LineFault::None:
      break;
    case LineFault::BadLabel:
      return ctx.fail(Failure::InvalidLabel, {});
    case LineFault::NotCommand:
      return ctx.refuse(Reply::NotACommand, {shown(decoded.name)});
  }
  if (!known) return ctx.refuse(Reply::UnknownCommand, {shown(decoded.name)});
  if (const auto offset = irc::find_forbidden(line)) {
    return ctx.fail(Failure::InvalidCharacter, {std::to_string(*offset)});
  }
  return {};
}

/// Why the caller may not give such a command. Empty effects: it may.
Effects check_access(Context& ctx, Access access) {
  if (access == Access::Anybody) return {};
  if (!ctx.described()) return ctx.refuse(Reply::NotDescribed, {});
  if (access == Access::ServerOperator && !ctx.is_server_operator()) {
    return ctx.refuse(Reply::NotServerOperator, {});
  }
  return {};
}

Effects run(Context& ctx, std::string_view line, std::size_t rest) {
  const Command& command = ctx.command();
  ++ctx.slash().counters.commands[&command];
  Effects refusal = check_access(ctx, command.access);
  if (ctx.refused()) return refusal;
  const auto args = Args::fill(command.shape, line, rest);
  if (!args) {
    return ctx.refuse(Reply::WrongArity, {irc::upper(command.name)}, form_of(command));
  }
  refusal = ctx.spend(command.cost.units);
  if (ctx.refused()) return refusal;
  Effects out = command.run(ctx, *args);
  ctx.note_power(out);
  return out;
}

/// The answers to a frame of many lines may be far longer than the frame. They leave in pieces, as
/// a long reply does. Looks at each effect once.
class Pace {
 public:
  explicit Pace(const port::Effects& out) : next_(out.size()) {}

  /// Whether the lines that are left must wait for the last answer to be written.
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
  const Command* command = decoded.fault == LineFault::None ? find_command(decoded.name) : nullptr;
  Context ctx(slash, session, now, decoded.label, command);
  out += check_line(ctx, decoded, line, command != nullptr);
  if (!ctx.refused()) out += run(ctx, line, decoded.rest);
  close_if_too_faulty(slash, out, session, now);
  if (ctx.refused() || session.closing || session.pending_request != 0) return;
  if (session.reply) {
    ctx.continue_reply(out);
  } else {
    ctx.add_ack(out);
  }
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
    Context ctx(slash, session, now, session.reply->label, session.reply->command);
    ctx.continue_reply(out);
  }
  if (session.is_busy() || session.closing) return;
  const std::string waiting = std::exchange(session.deferred, {});
  run_lines(slash, session, waiting, now, out);
}

}  // namespace signaller::commands
