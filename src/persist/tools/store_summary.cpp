#include "persist/tools/store_summary.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "persist/format/keys.hpp"
#include "persist/format/packed_message.hpp"

namespace signaller::persist {
namespace {

using Sums = std::unordered_map<std::string_view, std::size_t>;

Sums count_channels(const port::Snapshot& snapshot, StoreSummary& out) {
  std::unordered_map<std::string_view, ChannelLine> lines;
  Sums channels_of;
  for (const auto& member : snapshot.members) {
    ++lines[member.channel].members;
    ++channels_of[member.peer];
  }
  for (const auto& message : snapshot.messages) {
    const std::size_t bytes = pack(message.message).size();
    ++lines[message.channel].messages;
    lines[message.channel].bytes += bytes;
    out.message_bytes += bytes;
  }
  for (const auto& channel : snapshot.channels) {
    ChannelLine line = lines[folded(channel.name)];
    line.record = &channel;
    out.channels_by_size.push_back(line);
    out.channel_bans += channel.bans.size();
  }
  const auto key = [](const ChannelLine& line) {
    return std::make_tuple(~line.members, ~line.messages, std::string_view(line.record->name));
  };
  std::sort(out.channels_by_size.begin(), out.channels_by_size.end(),
            [key](const auto& a, const auto& b) { return key(a) < key(b); });
  return channels_of;
}

void count_peers(const port::Snapshot& snapshot, const Sums& channels_of, const Sums& mail_of,
                 StoreSummary& out) {
  const auto of = [](const Sums& sums, const std::string& id) {
    const auto found = sums.find(id);
    return found == sums.end() ? 0 : found->second;
  };
  for (const auto& peer : snapshot.peers) {
    out.owned += peer.owned ? 1 : 0;
    out.kept += peer.owned && !peer.here ? 1 : 0;
    if (!peer.here) continue;
    out.sessions.push_back({&peer, of(channels_of, peer.id), of(mail_of, peer.id)});
  }
  out.here = out.sessions.size();
  const auto key = [](const SessionLine& line) {
    return std::make_tuple(-line.record->seen_ms, std::string_view(line.record->id));
  };
  std::sort(out.sessions.begin(), out.sessions.end(),
            [key](const auto& a, const auto& b) { return key(a) < key(b); });
}

}  // namespace

StoreSummary summarize(const port::Snapshot& snapshot) {
  StoreSummary out;
  out.peers = snapshot.peers.size();
  out.channels = snapshot.channels.size();
  out.members = snapshot.members.size();
  out.messages = snapshot.messages.size();
  out.mail = snapshot.mail.size();
  out.bans = snapshot.bans.size();
  out.audit = snapshot.audit.size();
  Sums mail_of;
  for (const auto& mail : snapshot.mail) {
    ++mail_of[mail.peer];
    out.mail_bytes += pack(mail.message).size();
  }
  count_peers(snapshot, count_channels(snapshot, out), mail_of, out);
  return out;
}

}  // namespace signaller::persist
