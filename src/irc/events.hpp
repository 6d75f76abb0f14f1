// Events that are sent to peers, as values, and the line of each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "irc/channel.hpp"
#include "irc/line.hpp"
#include "irc/peer.hpp"
#include "port/effects.hpp"

namespace signaller::irc {

// `Class`: the frame class for the outbox; a reader with `no-presence` gets no Presence frame.
// `SuppressedInBigChannels`: a big channel gets no line if the peer has no rank there.
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
  std::string_view reason;  ///< empty: none
};
struct Quit {
  static constexpr auto Class = port::FrameClass::Presence;
  static constexpr bool SuppressedInBigChannels = true;
  const Peer& peer;
  std::string_view reason;  ///< empty: none
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
  std::string_view reason;  ///< empty: none
};
/// Sent in place of Kicked, and also if the banned peer was not in the channel.
struct BannedFrom {
  static constexpr auto Class = port::FrameClass::Chat;
  const Peer& by;
  const Channel& channel;
  const PeerId& victim;
  std::int64_t until_ms = 0;  ///< Unix; 0: for ever
  std::string_view reason;    ///< empty: none
};
struct Unbanned {
  static constexpr auto Class = port::FrameClass::Chat;
  const Peer& by;
  const Channel& channel;
  const PeerId& unbanned;
};
/// Modes, ranks and mutes.
struct ModeChanged {
  static constexpr auto Class = port::FrameClass::Chat;
  const Peer* by;           ///< null: the server itself
  std::string_view server;  ///< its name
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
  const Peer& peer;  ///< still with the old nick
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
/// The number of members, for a channel that is too big for JOIN and PART lines.
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
/// An end time: Unix milliseconds as text, or `*` for 0, which is never.
std::string until_text(std::int64_t until_ms);
Line line_of(const Renamed& event);
Line line_of(const Described& event);
Line line_of(const TopicChanged& event);
Line line_of(const ChannelMessage& event);
Line line_of(const PrivateMessage& event);
Line line_of(const Broadcasted& event);
Line line_of(const MemberCount& event);

}  // namespace signaller::irc
