#include "commands/common/replay.hpp"
#include "commands/session/hold_lines.hpp"

#include <algorithm>
#include <utility>

namespace signaller::commands {
namespace {

irc::Channel* joined_channel(Context& ctx, std::string_view text) {
  const auto name = irc::ChannelName::parse(text, irc::ChannelName::MostBytes);
  irc::Channel* channel = name ? ctx.world().find(*name) : nullptr;
  return channel != nullptr && ctx.me().is_in(*channel) ? channel : nullptr;
}

void choose_messages(Context& ctx, ReplyPart& part) {
  irc::Channel* channel = joined_channel(ctx, part.name);
  if (channel == nullptr) return;
  part.name = channel->name();
  ctx.world().channel_logs().expire(*channel, ctx.now());
  forget_held(ctx.slash(), ctx.session(), channel->topic_id(), channel->seq());
  const irc::MessageLog& log = channel->log();
  const bool same = part.epoch == channel->epoch();
  part.messages = log.slice(same ? log.count_up_to(part.since) : 0, log.size());
  const bool reaches = log.size() > 0 && log[0]->seq <= part.since + 1;
  part.recovered = same && part.since <= channel->seq() && part.since >= channel->sequence_gap() &&
                   (reaches || part.since == channel->seq());
}

void choose_mail(Context& ctx, ReplyPart& part) {
  const irc::Peer& me = ctx.me();
  const bool same = part.epoch == me.inbox_epoch();
  const irc::Inbox* inbox = me.inbox();
  const std::size_t size = inbox == nullptr ? 0 : inbox->size();
  for (std::size_t i = 0; i < size; ++i) {
    if (!same || (*inbox)[i]->seq > part.since) part.messages.push_back((*inbox)[i]);
  }
  const bool reaches = size > 0 && (*inbox)[0]->seq <= part.since + 1;
  part.recovered = same && part.since <= me.inbox_seq() && part.since >= me.inbox_sequence_gap() &&
                   (reaches || part.since == me.inbox_seq());
  ctx.world().mailboxes().hand_out(ctx.me(), ctx.now());
}

irc::Line boundary(Context& ctx, const ReplyPart& part, std::string_view word) {
  return ctx.server_line("REPLAY").param(part.name).param(word);
}

bool replay_step(Context& ctx, ReplyPart& part, Effects& out) {
  const irc::Channel* channel = joined_channel(ctx, part.name);
  const port::Lane lane = channel == nullptr ? 0 : lane_of(*channel);
  if (!part.begun) {
    if (part.asked) {
      part.name == "*" ? choose_mail(ctx, part) : choose_messages(ctx, part);
    }
    part.begun = true;
    ctx.reply(out,
              boundary(ctx, part, "begin")
                  .param(std::uint64_t{part.messages.size()})
                  .param(std::uint64_t{part.recovered ? 1U : 0U}),
              lane);
  }
  std::size_t bytes = 0;
  while (part.shown < part.messages.size()) {
    if (bytes >= ReplyPieceBytes) return false;
    const irc::StoredMessage& message = *part.messages[part.shown++];
    bytes += message.line.size();
    ctx.reply_again(out, message, lane);
  }
  ctx.reply(out, boundary(ctx, part, "end"), lane);
  return true;
}

/// Sends the undelivered messages, which are the last ones of the inbox. More messages may arrive
/// between two pieces.
bool mail_step(Context& ctx, ReplyPart& part, Effects& out) {
  const irc::Inbox* inbox = ctx.me().inbox();
  std::size_t bytes = 0;
  const std::size_t size = inbox == nullptr ? 0 : inbox->size();
  for (std::size_t i = size == 0 ? 0 : size - inbox->undelivered(); i < size; ++i) {
    const irc::StoredMessage& message = *(*inbox)[i];
    if (message.seq <= part.since) continue;  // an earlier piece contained this message
    if (bytes >= ReplyPieceBytes) return false;
    bytes += message.line.size();
    part.since = message.seq;
    ctx.reply_again(out, message, 0);
  }
  ctx.world().mailboxes().hand_out(ctx.me(), ctx.now());
  return true;
}

}  // namespace

ReplyPart replay_since(const Position& position) {
  ReplyPart part;
  part.step = replay_step;
  part.kind = ReplyPartKind::Replay;
  part.name = position.target;
  part.asked = true;
  part.epoch = position.epoch;
  part.since = position.seq;
  return part;
}

ReplyPart replay_messages(const irc::Channel& channel, std::vector<irc::StoredMessagePtr> messages,
                          bool recovered) {
  ReplyPart part;
  part.step = replay_step;
  part.kind = ReplyPartKind::Replay;
  part.name = channel.name();
  part.messages = std::move(messages);
  part.recovered = recovered;
  return part;
}

ReplyPart waiting_mail() {
  ReplyPart part;
  part.step = mail_step;
  part.kind = ReplyPartKind::Mail;
  return part;
}

bool mail_waits(const Session& session) {
  if (!session.reply) return false;
  const auto& parts = session.reply->parts;
  return std::any_of(parts.begin(), parts.end(), [](const ReplyPart& part) {
    const bool inbox = part.kind == ReplyPartKind::Replay && part.name == "*";
    return part.kind == ReplyPartKind::Mail || (inbox && !part.begun);
  });
}

}  // namespace signaller::commands
