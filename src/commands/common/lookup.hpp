// Code that several verbs share lives in this folder: lookup, moderation, registration, replays.
// Code of one verb alone belongs to that verb's file in verbs/. Everything runs on the core's
// thread.
// This header finds the channels and peers that a command's arguments name, or refuses the command.
#pragma once

#include <string_view>

#include "commands/context/context.hpp"

namespace signaller::commands {

/// The replies of find_channel, find_joined, find_operated, find_peer, find_subject.
constexpr Replies FindChannelReplies{irc::Reply::BadChannelName, irc::Reply::NoSuchChannel};
constexpr Replies FindJoinedReplies{FindChannelReplies, irc::Reply::NotAMember};
constexpr Replies FindOperatedReplies{FindJoinedReplies, irc::Reply::NotChannelOperator};
constexpr Replies FindPeerReplies{irc::Reply::NoSuchPeer, irc::Failure::AmbiguousPeer};
constexpr Replies FindSubjectReplies{FindPeerReplies, FindOperatedReplies};

/// Refuses with 476 and 403. Also 403 if the channel is secret and the caller may not see it.
Result<irc::Channel&> find_channel(Context& ctx, std::string_view name);
/// As find_channel. Also refuses with 442 if the caller is not in the channel.
Result<irc::Channel&> find_joined(Context& ctx, std::string_view name);
/// As find_joined. Also refuses with 482 if the caller is not an operator of the channel.
Result<irc::Channel&> find_operated(Context& ctx, std::string_view name);
/// Refuses with 401, AMBIGUOUS_PEER.
Result<irc::Peer&> find_peer(Context& ctx, std::string_view ref);
/// As find_peer, but also accepts a whole id that belongs to no peer now.
Result<irc::PeerId> find_id(Context& ctx, std::string_view ref);

/// An id, and a channel of which the caller is an operator.
struct Subject {
  irc::PeerId id;
  irc::Channel& channel;
};
/// Finds the id and the channel that the first two arguments, `<peer> #channel`, name: the id as
/// find_id, the channel as find_operated.
Result<Subject> find_subject(Context& ctx, const Args& args);

/// Whether the caller is an operator of the channel: by its rank, or as a server operator, who is
/// an operator of every channel. If the rank does not suffice, the audit log will get an entry.
bool is_operator_of(Context& ctx, const irc::Channel& channel);
/// Whether the channel is visible to the caller: a secret channel is visible to its members only.
/// Does not consider server operators.
bool may_see(Context& ctx, const irc::Channel& channel);

}  // namespace signaller::commands
