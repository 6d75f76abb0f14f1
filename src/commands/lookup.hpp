// Finds what the arguments of a command name, or says why not.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "commands/context.hpp"

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

/// 476, 403.
Found<irc::Channel> find_channel(Context& ctx, std::string_view name);
/// 476, 403, and 442 if the caller is not in it.
Found<irc::Channel> find_joined(Context& ctx, std::string_view name);
/// 476, 403, 442, and 482 if the caller is not its operator.
Found<irc::Channel> find_operated(Context& ctx, std::string_view name);
/// 401, AMBIGUOUS_PEER.
Found<irc::Peer> find_peer(Context& ctx, std::string_view ref);

bool is_operator(const irc::Peer& peer, const irc::Channel& channel);

}  // namespace signaller::commands
