#include <algorithm>

#include "commands/common/lookup.hpp"
#include "commands/common/pagination.hpp"
#include "commands/common/replay.hpp"
#include "irc/text/text.hpp"

namespace signaller::commands {
namespace {

using irc::Failure;

constexpr std::uint64_t UsualMessages = 50;
constexpr std::uint64_t Most = 500;

enum class Side : std::uint8_t { Before, After };

/// `before` or `after`, and the number of the message.
struct Place {
  Side side = Side::Before;
  std::uint64_t seq = NoLimit;
};

/// Reads `before <seq>` or `after <seq>`. Refuses with INVALID_VALUE.
Result<Place> read_place(Context& ctx, std::string_view text) {
  if (text.empty()) return Place{};
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const auto seq = irc::parse_number(text);
  const bool after = word == "after";
  if (!seq || (!after && word != "before")) {
    return ctx.fail(Failure::InvalidValue, {"place"},
                    "Place must be before or after, and a seq: /history #lobby 50 before 1200");
  }
  return Place{after ? Side::After : Side::Before, *seq};
}

/// Chooses the messages. The replay is complete if the log still has every message in the requested
/// range.
ReplyPart choose(Context& ctx, irc::Channel& channel, const Place& place, std::size_t limit) {
  ctx.world().channel_logs().expire(channel, ctx.now());
  const irc::MessageLog& log = channel.log();
  const std::uint64_t first = log.size() == 0 ? channel.seq() + 1 : log[0]->seq;
  if (place.side == Side::After) {
    const std::size_t from = log.count_up_to(place.seq);
    const std::size_t to = from + std::min(limit, log.size() - from);
    const bool whole = place.seq >= channel.seq() || first <= place.seq + 1;
    return replay_messages(channel, log.slice(from, to), whole);
  }
  const std::size_t to = place.seq == 0 ? 0 : log.count_up_to(place.seq - 1);
  const std::size_t from = to - std::min(limit, to);
  const bool whole = to - from == limit || first == 1 || place.seq <= 1;
  return replay_messages(channel, log.slice(from, to), whole);
}

Result<Effects> run_history(Context& ctx, const Args& args) {
  auto channel = find_channel(ctx, args[0]);
  if (!channel) return channel.refusal();
  if (!ctx.me().is_in(*channel) && !ctx.use_power(channel->name())) {
    return ctx.refuse(irc::Reply::NotAMember, {channel->name()});
  }
  auto limit = read_limit(ctx, args[1], UsualMessages);
  if (!limit) return limit.refusal();
  if (*limit > Most) {
    return ctx.fail(Failure::InvalidValue, {"limit"},
                    fmt::format("limit must be at most {} messages", Most));
  }
  auto place = read_place(ctx, args[2]);
  if (!place) return place.refusal();
  ctx.ack(channel->name());
  ctx.deferred().start(choose(ctx, *channel, *place, *limit));
  return Effects{};
}

}  // namespace

constexpr Command verbs::history{"history",
                                 "#channel [limit] [before|after <seq>]",
                                 "show the messages of a channel, by default the last 50",
                                 "/history #lobby 100 before 1200",
                                 Access::Described,
                                 Cost{5},
                                 Replies{FindJoinedReplies, Failure::InvalidValue},
                                 run_history};

}  // namespace signaller::commands
