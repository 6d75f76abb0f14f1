#include "commands/replay.hpp"

#include <algorithm>
#include <utility>

namespace signaller::commands {
namespace {

irc::Channel* joined_channel(Context& ctx, std::string_view text) {
  const auto name = irc::ChannelName::parse(text, irc::ChannelName::MostBytes);
  irc::Channel* channel = name ? ctx.world().find(*name) : nullptr;
  return channel != nullptr && ctx.me().is_in(*channel) ? channel : nullptr;
}

void choose_messages(Context& ctx, Pump& pump) {
  irc::Channel* channel = joined_channel(ctx, pump.name);
  if (channel == nullptr) return;
  pump.name = channel->name();
  ctx.world().expire_log(*channel, ctx.now());
  forget_waiting(ctx.core(), ctx.session(), channel->topic_id(), channel->seq());
  const irc::MessageLog& log = channel->log();
  const bool same = pump.epoch == channel->epoch();
  pump.messages = log.slice(same ? log.count_up_to(pump.since) : 0, log.size());
  const bool reaches = log.size() > 0 && log[0]->seq <= pump.since + 1;
  pump.recovered = same && pump.since <= channel->seq() && pump.since >= channel->leap() &&
                   (reaches || pump.since == channel->seq());
}

void choose_mail(Context& ctx, Pump& pump) {
  const irc::Peer& me = ctx.me();
  const bool same = pump.epoch == me.inbox_epoch();
  const irc::Inbox* inbox = me.inbox();
  const std::size_t size = inbox == nullptr ? 0 : inbox->size();
  for (std::size_t i = 0; i < size; ++i) {
    if (!same || (*inbox)[i]->seq > pump.since) pump.messages.push_back((*inbox)[i]);
  }
  const bool reaches = size > 0 && (*inbox)[0]->seq <= pump.since + 1;
  pump.recovered = same && pump.since <= me.inbox_seq() && pump.since >= me.inbox_leap() &&
                   (reaches || pump.since == me.inbox_seq());
  ctx.world().hand_out(ctx.me(), ctx.now());
}

irc::Line boundary(Context& ctx, const Pump& pump, std::string_view word) {
  return ctx.server_line("REPLAY").param(pump.name).param(word);
}

bool step(Context& ctx, Pump& pump, Effects& out) {
  const irc::Channel* channel = joined_channel(ctx, pump.name);
  const port::Lane lane = channel == nullptr ? 0 : lane_of(*channel);
  if (!pump.begun) {
    if (pump.asked) {
      pump.name == "*" ? choose_mail(ctx, pump) : choose_messages(ctx, pump);
    }
    pump.begun = true;
    ctx.reply(out,
              boundary(ctx, pump, "begin")
                  .param(std::uint64_t{pump.messages.size()})
                  .param(std::uint64_t{pump.recovered ? 1U : 0U}),
              lane);
  }
  std::size_t bytes = 0;
  while (pump.shown < pump.messages.size()) {
    if (bytes >= PumpBytes) return false;
    const irc::Logged& message = *pump.messages[pump.shown++];
    bytes += message.line.size();
    ctx.reply_again(out, message, lane);
  }
  ctx.reply(out, boundary(ctx, pump, "end"), lane);
  return true;
}

/// Those that wait at the end of the inbox; more of them may come between two pieces.
bool mail_step(Context& ctx, Pump& pump, Effects& out) {
  const irc::Inbox* inbox = ctx.me().inbox();
  std::size_t bytes = 0;
  const std::size_t size = inbox == nullptr ? 0 : inbox->size();
  for (std::size_t i = size == 0 ? 0 : size - inbox->waiting(); i < size; ++i) {
    const irc::Logged& message = *(*inbox)[i];
    if (message.seq <= pump.since) continue;  // in an earlier piece
    if (bytes >= PumpBytes) return false;
    bytes += message.line.size();
    pump.since = message.seq;
    ctx.reply_again(out, message, 0);
  }
  ctx.world().hand_out(ctx.me(), ctx.now());
  return true;
}

}  // namespace

Pump replay_since(const Position& position) {
  Pump pump;
  pump.step = step;
  pump.kind = PumpKind::Replay;
  pump.name = position.target;
  pump.asked = true;
  pump.epoch = position.epoch;
  pump.since = position.seq;
  return pump;
}

Pump replay_messages(const irc::Channel& channel, std::vector<irc::LoggedPtr> messages,
                     bool recovered) {
  Pump pump;
  pump.step = step;
  pump.kind = PumpKind::Replay;
  pump.name = channel.name();
  pump.messages = std::move(messages);
  pump.recovered = recovered;
  return pump;
}

Pump waiting_mail() {
  Pump pump;
  pump.step = mail_step;
  pump.kind = PumpKind::Mail;
  return pump;
}

bool mail_waits(const Session& session) {
  if (!session.reply) return false;
  const auto& parts = session.reply->parts;
  return std::any_of(parts.begin(), parts.end(), [](const Pump& part) {
    const bool inbox = part.kind == PumpKind::Replay && part.name == "*";
    return part.kind == PumpKind::Mail || (inbox && !part.begun);
  });
}

}  // namespace signaller::commands
