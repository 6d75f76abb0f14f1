// Finds what the arguments of a command name, or says why not.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "commands/context/context.hpp"

namespace signaller::commands {

/// What was found, or the refusal.
template <class T>
struct Found {
  T* value = nullptr;
  Effects refusal = {};

  explicit operator bool() const { return value != nullptr; }
  T& operator*() const { return *value; }
  T* operator->() const { return value; }
};

/// 476, 403; also 403 if it is secret and the caller may not see it.
Found<irc::Channel> find_channel(Context& ctx, std::string_view name);
/// 476, 403, and 442 if the caller is not in it.
Found<irc::Channel> find_joined(Context& ctx, std::string_view name);
/// 476, 403, 442, and 482 if the caller does not run it.
Found<irc::Channel> find_operated(Context& ctx, std::string_view name);
/// 401, AMBIGUOUS_PEER.
Found<irc::Peer> find_peer(Context& ctx, std::string_view ref);
/// As find_peer, but a whole id need not be anybody's now. Nothing, and the refusal is set.
std::optional<irc::PeerId> find_id(Context& ctx, std::string_view ref, Effects& refusal);

/// An id, and a channel that the caller runs.
struct Subject {
  irc::PeerId id;
  irc::Channel& channel;
};
/// What `<peer> #channel` names, the first two of `args`: find_id, then find_operated. Nothing, and
/// the refusal is set.
std::optional<Subject> find_subject(Context& ctx, const Args& args, Effects& refusal);

/// Whether the caller is its operator, or, which counts as use of that power, one of the server's.
bool is_operator_of(Context& ctx, const irc::Channel& channel);
/// Whether it shows to the caller, without regard to server operators: a secret one to members
/// only.
bool may_see(Context& ctx, const irc::Channel& channel);

}  // namespace signaller::commands
