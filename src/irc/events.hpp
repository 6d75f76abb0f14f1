// Events that are sent to peers, as values, and the line of each. `Class` is the frame class of the
// line; a reader with the cap `no-presence` gets no Presence frame. `SuppressedInBigChannels`:
// members of a big channel get no line if the peer has no rank in that channel.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "irc/channel.hpp"
#include "irc/line.hpp"
#include "irc/peer.hpp"
#include "port/effects.hpp"

namespace signaller::irc {

// A peer has joined a channel.
struct Joined {
  static constexpr auto Class = port::FrameClass::Presence;
  static constexpr bool SuppressedInBigChannels = true;
  const Peer& peer;
  const Channel& channel;
};
struct Parted {
  static constexpr auto Class = port::FrameClass::Presence;
  static constexpr bool SuppressedInBigChannels = true;
  const Peer& peer;
  const Channel& channel;
  std::string_view reason;  ///< empty: no reason
};
struct Quit {
  static constexpr auto Class = port::FrameClass::Presence;
  static constexpr bool SuppressedInBigChannels = true;
  const Peer& peer;
  std::string_view reason;  ///< empty: no reason
};
struct AwayChanged {
  static constexpr auto Class = port::FrameClass::Presence;
  static constexpr bool SuppressedInBigChannels = true;
  const Peer& peer;
};
struct Kicked {
  static constexpr auto Class = port::FrameClass::Chat;
  const Peer& by;
  const Channel& channel;
  const Peer& victim;
  std::string_view reason;  ///< empty: no reason
};
/// A peer was banned. Sent in place of Kicked, and also if the peer was not in the channel.
struct BannedFrom {
  static constexpr auto Class = port::FrameClass::Chat;
  const Peer& by;
  const Channel& channel;
  const PeerId& victim;
  std::int64_t until_ms = 0;  ///< Unix; 0: no end
  std::string_view reason;    ///< empty: no reason
};
struct Unbanned {
  static constexpr auto Class = port::FrameClass::Chat;
  const Peer& by;
  const Channel& channel;
  const PeerId& unbanned;
};
/// Modes, ranks or mutes have changed.
struct ModeChanged {
  static constexpr auto Class = port::FrameClass::Chat;
  const Peer* by;           ///< the peer that made the change; null: the server
  std::string_view server;  ///< name of the server
  const Channel& channel;
  std::string_view changes;  ///< `+im`, `+o <id>`, `+l 10`: words separated by single spaces
};
struct Invited {
  static constexpr auto Class = port::FrameClass::Chat;
  const Peer& by;
  const PeerId& invited;
  const Channel& channel;
};
struct ChannelDescribed {
  static constexpr auto Class = port::FrameClass::Chat;
  const Peer& by;
  const Channel& channel;
};
struct Renamed {
  static constexpr auto Class = port::FrameClass::Chat;
  static constexpr bool SuppressedInBigChannels = false;
  const Peer& peer;  ///< the peer, which still has the old nick
  std::string_view nick;
};
/// A peer has changed its description.
struct Described {
  static constexpr auto Class = port::FrameClass::Chat;
  static constexpr bool SuppressedInBigChannels = true;
  const Peer& peer;
};
struct TopicChanged {
  static constexpr auto Class = port::FrameClass::Chat;
  const Peer& by;
  const Channel& channel;
};
struct ChannelMessage {
  static constexpr auto Class = port::FrameClass::Chat;
  const Peer& peer;
  const Channel& channel;
  std::string_view content;
};
struct PrivateMessage {
  static constexpr auto Class = port::FrameClass::Chat;
  const Peer& peer;
  const Peer& target;
  std::string_view content;
};
struct Broadcasted {
  static constexpr auto Class = port::FrameClass::Chat;
  const Peer& peer;
  std::string_view content;
};
/// The member count of a channel that is too big for JOIN and PART lines.
struct MemberCount {
  static constexpr auto Class = port::FrameClass::Chat;
  std::string_view server;
  const Channel& channel;
};

Line line_of(const Joined& event);
Line line_of(const Parted& event);
Line line_of(const Quit& event);
Line line_of(const AwayChanged& event);
Line line_of(const Kicked& event);
Line line_of(const BannedFrom& event);
Line line_of(const Unbanned& event);
Line line_of(const ModeChanged& event);
Line line_of(const Invited& event);
Line line_of(const ChannelDescribed& event);
/// The text of an end time: Unix milliseconds, or `*` for 0, which means no end.
std::string until_text(std::int64_t until_ms);
Line line_of(const Renamed& event);
Line line_of(const Described& event);
Line line_of(const TopicChanged& event);
Line line_of(const ChannelMessage& event);
Line line_of(const PrivateMessage& event);
Line line_of(const Broadcasted& event);
Line line_of(const MemberCount& event);

}  // namespace signaller::irc
