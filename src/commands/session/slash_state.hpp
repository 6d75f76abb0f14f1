// The state of the slash protocol lives in this folder: what it keeps for one connection, and for
// all of them. Nothing here may know a verb or how a verb answers. Everything runs on the core's
// thread.
// This header is the whole state; there are no globals.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "commands/session/big_channels.hpp"
#include "commands/session/counters.hpp"
#include "commands/session/held_lines.hpp"
#include "commands/session/options.hpp"
#include "commands/session/pending_ack.hpp"
#include "commands/session/pending_request.hpp"
#include "commands/session/registration_deadlines.hpp"
#include "commands/session/session.hpp"
#include "commands/session/suspended_peers.hpp"
#include "commands/session/write_behind.hpp"
#include "irc/world.hpp"
#include "port/keyed_hash.hpp"
#include "port/resources.hpp"
#include "port/time.hpp"

namespace signaller::commands {

struct GivenReplies;

/// The limits of the world that the options set.
irc::WorldLimits world_limits(const Options& options);

struct SlashState {
  SlashState(Options given, const port::Resources& resources, irc::World& shared)
      : options(std::move(given)),
        random(resources.random),
        hash(resources.hash),
        world(shared),
        costs(resources.costs) {
    apply_limits();
  }

  Options options;
  port::Random& random;
  const port::KeyedHash& hash;
  irc::World& world;          ///< owned by the application: other protocols may see and change it
  port::AddressCosts& costs;  ///< owned by the application: all protocols share it
  Sessions sessions;
  RegistrationDeadlines registration_deadlines;
  SuspendedPeers suspended;
  HeldLinesIndex held_lines_index;
  std::unordered_map<std::uint64_t, PendingRequest> pending_requests;  ///< keys are tokens
  std::uint64_t last_token = 0;
  std::unordered_map<std::string, port::TokenBucket> oper_tries;  ///< keys are addresses
  std::deque<port::AuditRecord> audit;  ///< the last entries, the newest at the end
  std::uint64_t last_audit = 0;
  BigChannels big_channels;
  WriteBehind write_behind;
  PendingAcks pending_acks;
  bool restored = false;               ///< the stored state has been loaded
  bool fenced = false;                 ///< another server has taken over the store
  bool told_away = false;              ///< operators were told that the store is unavailable
  std::string back_why;                ///< the end of the notice that the store is available again
  bool leaving = false;                ///< the server ends: lines of clients are ignored
  std::uint64_t ban_list_version = 0;  ///< version of the list of bans that the edge has
  std::uint64_t messages = 0;          ///< messages with a msgid since the start
  Counters counters;
  GivenReplies* given_replies = nullptr;  ///< a test collects replies here; null: not collected
  std::uint64_t oper_refusals = 0;        ///< wrong names and passwords since the start
  /// Steady time at which owned ids are checked for expiry next.
  std::int64_t identities_due_ms = 0;
  /// The time (steady ms) of the pending Wake; nothing: no Wake is pending.
  std::optional<std::int64_t> wake_ms;

  /// Returns null if the connection has gone or is closing.
  Session* find_session(port::ConnectionId id) {
    const auto found = sessions.find(id);
    return found == sessions.end() || found->second.closing ? nullptr : &found->second;
  }
  /// Sets the limits of the world and of the address costs, which all protocols share.
  void apply_limits() {
    world.set_limits(world_limits(options));
    costs.set_limits(options.limits.address_rate, options.limits.address_burst);
  }
  /// A message id that is never used twice: node, boot and a counter.
  std::string next_msgid(MessageKind kind);
};

}  // namespace signaller::commands
