#include "irc/channel_logs.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace signaller::irc {
namespace {

/// How many message numbers are reserved in the store at once for a channel. The next range is
/// reserved when half of the present range is used, so the store has the reservation long before a
/// number of the next range is given out.
constexpr std::uint64_t LogSeqRange = 1'000;

}  // namespace

std::uint64_t ChannelLogs::next_seq(Channel& channel) {
  ++channel.seq_;
  if (channel.seq_ + LogSeqRange / 2 > channel.seq_reserved_) {
    channel.seq_reserved_ = channel.seq_ + LogSeqRange;
    changes_.channel_changed(channel);
  }
  return channel.seq_;
}

void ChannelLogs::add(Channel& channel, StoredMessagePtr message) {
  const LogLimits& limits = tables_.limits.log;
  changes_.message_added(channel, message->seq);
  bytes_ -= channel.log_.bytes();
  channel.log_.add(std::move(message), limits);
  bytes_ += channel.log_.bytes();
  if (bytes_ > limits.all_bytes) shorten();
}

void ChannelLogs::expire(Channel& channel, port::Instant now) {
  bytes_ -= channel.log_.bytes();
  channel.log_.expire(now.unix_ms, tables_.limits.log);
  bytes_ += channel.log_.bytes();
}

/// Drops the older half of the largest log, then of the next smaller one, and so on, until an
/// eighth of the limit is free.
void ChannelLogs::shorten() {
  std::vector<Channel*> channels;
  channels.reserve(tables_.channels.size());
  for (auto& [name, channel] : tables_.channels) channels.push_back(&channel);
  std::sort(channels.begin(), channels.end(),
            [](const Channel* a, const Channel* b) { return a->log_.bytes() > b->log_.bytes(); });
  const std::size_t limit = tables_.limits.log.all_bytes;
  const std::size_t enough = limit - limit / 8;
  for (auto at = channels.begin(); at != channels.end() && bytes_ > enough; ++at) {
    MessageLog& log = (*at)->log_;
    bytes_ -= log.bytes();
    log.drop_older_half();
    bytes_ += log.bytes();
  }
}

}  // namespace signaller::irc
