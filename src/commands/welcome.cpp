#include "commands/welcome.hpp"

#include "irc/caps.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

/// The tokens of 005, all in one line.
irc::Line supported(Context& ctx) {
  const Limits& limits = ctx.limits();
  irc::Line line(ctx.options().server_name, irc::info(Reply::Supported).code);
  line.param(ctx.me().id());
  const auto token = [&line](std::string_view name, auto value) {
    line.param(fmt::format("{}={}", name, value));
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
  token("DURABLE", ctx.options().durable ? 1 : 0);
  line.trailing(irc::info(Reply::Supported).text);
  return line;
}

}  // namespace

void welcome(Context& ctx, Effects& out, std::string_view secret) {
  const irc::Peer& me = ctx.me();
  const std::string id = me.id().text();
  const std::string& server = ctx.options().server_name;
  ctx.reply(out, ctx.numeric(Reply::Welcome, {}, server, me.nick().empty() ? id : me.nick()));
  ctx.reply(out, ctx.numeric(Reply::ServerInfo, {server, ctx.options().version, "-", "kov"}));
  ctx.reply(out, supported(ctx));
  const std::string inbox = irc::position_text(me.inbox_epoch(), me.inbox_seq());
  ctx.reply(out, ctx.server_line("SESSION").param(id).param(secret).param("0").param("new").param(
                     std::string_view(inbox)));
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
