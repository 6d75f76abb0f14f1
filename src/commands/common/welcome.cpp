#include "commands/common/welcome.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "irc/caps.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

std::vector<std::string> tokens(const Options& options) {
  const Limits& limits = options.limits;
  std::vector<std::string> list;
  const auto token = [&list](std::string_view name, auto value) {
    list.push_back(fmt::format("{}={}", name, value));
  };
  token("LINELEN", limits.line);
  token("FRAMELEN", limits.frame);
  token("CHATLEN", limits.content);
  token("SIGNALLEN", limits.content);
  token("DANMAKULEN", limits.content);
  token("NAMELEN", limits.name);
  token("NICKLEN", limits.nick);
  token("CHANNELLEN", limits.channel);
  token("INFOLEN", limits.info);
  token("TOPICLEN", limits.topic);
  token("AWAYLEN", limits.away);
  token("REASONLEN", limits.reason);
  token("MAXCHANNELS", limits.channels);
  token("PRESENCE", limits.presence);
  token("CAPS", irc::cap_names());
  token("DURABLE", options.durable && options.ack_stored ? 1 : 0);
  return list;
}

/// Sends 005 in as many lines as needed: a line has at most 15 parameters (RFC 2812 §2.3.1), and
/// the id and the text are two of them.
void tell_supported(Context& ctx, Effects& out) {
  constexpr std::size_t InOneLine = 13;
  const std::vector<std::string> list = tokens(ctx.options());
  for (std::size_t first = 0; first < list.size(); first += InOneLine) {
    irc::Line line = ctx.numeric_head(Reply::Supported);
    for (std::size_t i = first; i < std::min(list.size(), first + InOneLine); ++i) {
      line.param(std::string_view(list[i]));
    }
    line.trailing(irc::info(Reply::Supported).text);
    ctx.reply(out, std::move(line));
  }
}

}  // namespace

void welcome(Context& ctx, Effects& out, std::string_view secret, std::string_view how) {
  const irc::Peer& me = ctx.me();
  const std::string id = me.id().text();
  const std::string& server = ctx.options().server_name;
  ctx.reply(out, ctx.numeric(Reply::Welcome, {}, server, me.nick().empty() ? id : me.nick()));
  ctx.reply(out, ctx.numeric(Reply::ServerInfo,
                             {server, ctx.options().version, "-", irc::ServerInfoModes}));
  tell_supported(ctx, out);
  const std::string inbox = irc::position_text(me.inbox_epoch(), me.inbox_seq());
  ctx.reply(out, ctx.server_line("SESSION")
                     .param(id)
                     .param(secret)
                     .param(static_cast<std::uint64_t>(me.state().resume_ms / 1000))
                     .param(how)
                     .param(std::string_view(inbox)));
  message_of_the_day(ctx, out);
}

void message_of_the_day(Context& ctx, Effects& out) {
  if (ctx.options().motd.empty()) {
    ctx.reply(out, ctx.numeric(Reply::NoMotd, {}));
    return;
  }
  ctx.reply(out, ctx.numeric(Reply::MotdStart, {}, ctx.options().server_name));
  for (const auto& line : ctx.options().motd) {
    ctx.reply(out, ctx.numeric(Reply::MotdLine, {}, line));
  }
  ctx.reply(out, ctx.numeric(Reply::EndOfMotd, {}));
}

}  // namespace signaller::commands
