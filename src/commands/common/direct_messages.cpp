#include "commands/common/direct_messages.hpp"

#include <algorithm>

#include "irc/channel.hpp"

namespace signaller::commands {
namespace {

bool share_channel(const irc::Peer& a, const irc::Peer& b) {
  const auto& channels = a.channels();
  return std::any_of(channels.begin(), channels.end(),
                     [&b](const irc::Channel* channel) { return b.is_in(*channel); });
}

}  // namespace

bool accepts_from(const irc::Peer& receiver, const irc::Peer& sender) {
  if (&receiver == &sender) return true;
  switch (receiver.state().direct_messages) {
    case irc::DirectMessages::Anyone:
      return true;
    case irc::DirectMessages::Shared:
      return share_channel(receiver, sender);
    case irc::DirectMessages::None:
      return false;
  }
  return false;
}

}  // namespace signaller::commands
