#include "commands/common/registration.hpp"

#include <algorithm>
#include <utility>

#include "commands/common/channel_burst.hpp"
#include "commands/common/welcome.hpp"
#include "commands/session/close_codes.hpp"
#include "commands/session/hold_lines.hpp"
#include "commands/session/membership.hpp"
#include "irc/text/text.hpp"

namespace signaller::commands {
namespace {

using irc::Failure;
using irc::Reply;

/// The peer that a connection becomes.
struct Entry {
  irc::PeerId id;
  std::string secret;
  irc::Claim claim;
  irc::Peer* peer = nullptr;  ///< the peer that uses the id now; null: none
  bool resumes = false;  ///< the connection resumes the session of `peer`; false: that session ends
  bool returns = false;  ///< the id is owned and has no session; it gets a new session
};

/// A new secret: 128 random bits, in hex.
std::string make_secret(port::Random& random) {
  const std::uint64_t high = random.next();
  return fmt::format("{:016x}{:016x}", high, random.next());
}

irc::PeerId make_id(Context& ctx) {
  for (;;) {
    const auto id = irc::PeerId::make(ctx.slash().random, ctx.now());
    if (ctx.world().find(id) == nullptr && ctx.world().identities().find(id) == nullptr) return id;
  }
}

/// The claim to the id: that of its peer, or of its identity if it has no session; null: none.
const irc::Claim* claim_of(Context& ctx, const irc::PeerId& id) {
  if (const irc::Peer* peer = ctx.world().find(id); peer != nullptr) return &peer->claim();
  const irc::Identity* identity = ctx.world().identities().find(id);
  return identity == nullptr ? nullptr : &identity->claim;
}

/// The entry for a new peer with this id. Refuses with INVALID_VALUE.
Result<Entry> begin_anew(Context& ctx, const Description& given, const irc::PeerId& id) {
  if (!given.secret_fits) {
    return ctx.fail(Failure::InvalidValue, {"secret"}, SecretForm);
  }
  Entry entry{id, given.secret.empty() ? make_secret(ctx.slash().random) : given.secret, {}};
  entry.claim.secret = ctx.slash().hash.digest(id.text(), entry.secret);
  entry.claim.owned = !given.secret.empty() || given.resume_ms.has_value();
  entry.peer = ctx.world().find(id);
  return entry;
}

/// Claims an id that is in use or owned. Refuses with 433 if the secret is wrong.
Result<Entry> claim_known(Context& ctx, const Description& given, const irc::PeerId& id,
                          const irc::Claim& claim) {
  irc::Peer* peer = ctx.world().find(id);
  const bool right =
      !given.secret.empty() &&
      port::same_digest(ctx.slash().hash.digest(id.text(), given.secret), claim.secret);
  if (right) {
    Entry entry{id, given.secret, claim, peer, peer != nullptr, peer == nullptr};
    entry.claim.owned = true;
    return entry;
  }
  const bool guarded = claim.owned || (peer != nullptr && peer->is_live());
  if (!guarded && ctx.options().client_ids) return begin_anew(ctx, given, id);
  return ctx.refuse(Reply::IdInUse, {id.text()});
}

Result<Entry> decide(Context& ctx, const Description& given) {
  const bool client_ids = ctx.options().client_ids;
  const irc::Claim* claim = given.id ? claim_of(ctx, *given.id) : nullptr;
  if (claim != nullptr && (client_ids || !given.secret.empty())) {
    return claim_known(ctx, given, *given.id, *claim);
  }
  // Without `client_ids` the server issues all ids and ignores the given one.
  const irc::PeerId id = given.id && client_ids ? *given.id : make_id(ctx);
  return begin_anew(ctx, given, id);
}

void apply_wishes(Context& ctx, const Description& given, bool first_time) {
  irc::PeerState& state = ctx.world().edit(ctx.me(), ctx.now());
  if (given.direct_messages) state.direct_messages = *given.direct_messages;
  if (given.resume_ms) {
    state.resume_ms = *given.resume_ms;
  } else if (first_time) {
    state.resume_ms = ctx.options().resume_ms;
  }
}

/// Attaches an existing peer to this connection. Other peers are told only if its description
/// changes.
void take_over(Context& ctx, Effects& out, irc::Peer& peer, const Description& given) {
  const port::ConnectionId older = peer.connection();
  if (const Session* before = ctx.slash().find_session(older)) {
    ctx.session().bucket = before->bucket;
  } else if (const port::TokenBucket* kept = ctx.slash().suspended.bucket_of(peer.id())) {
    ctx.session().bucket = *kept;
  }
  if (older.valid()) {
    detach(ctx.slash(), out, peer);
    out.add(port::Close{older, close_code::Replaced, "replaced by a newer connection"});
  }
  ctx.slash().suspended.remove(peer.id());
  ctx.world().own(peer);
  ctx.world().attach(peer, {ctx.session().connection, given.caps});
  ctx.session().peer = &peer;
  irc::Profile profile = peer.profile();
  if (given.nick) profile.nick = *given.nick;
  if (given.name) profile.name = *given.name;
  if (given.info) profile.info = *given.info;
  if (profile == peer.profile()) return;
  ctx.world().describe(peer, std::move(profile), ctx.now());
  ctx.tell_shared(out, irc::Described{peer});
}

void enter(Context& ctx, Effects& out, const Entry& entry, const Description& given) {
  ctx.slash().registration_deadlines.remove(ctx.session().registration_deadline);
  if (entry.resumes) {
    take_over(ctx, out, *entry.peer, given);
  } else {
    if (entry.peer != nullptr) {
      end_peer(ctx.slash(), out, *entry.peer, "connection lost", ctx.now());
    }
    irc::Profile profile{given.nick.value_or(""), given.name.value_or(""), given.info.value_or("")};
    ctx.session().peer =
        &ctx.world().add(entry.id, {ctx.session().connection, given.caps}, entry.claim,
                         std::move(profile), ctx.slash().random, ctx.now());
  }
  apply_wishes(ctx, given, !entry.resumes);
}

/// Starts the replies after a resume: kept channels, mail, then the replays that `since` names.
void start_catching_up(Context& ctx, const Entry& entry, const Description& given) {
  if (entry.resumes) {
    for (const irc::Channel* channel : ctx.me().channels()) ctx.deferred().start(burst(*channel));
  }
  const auto is_inbox = [](const Position& position) { return position.target == "*"; };
  const auto inbox = std::find_if(given.since.begin(), given.since.end(), is_inbox);
  if (inbox != given.since.end()) {
    ctx.deferred().start(replay_since(*inbox));
  } else if (ctx.me().inbox() != nullptr) {
    ctx.deferred().start(waiting_mail());
  }
  for (const Position& position : given.since) {
    if (!is_inbox(position)) ctx.deferred().start(replay_since(position));
  }
}

/// The ban of that id, if the id is banned.
const irc::Ban* find_ban(Context& ctx, const std::optional<irc::PeerId>& id) {
  const auto& bans = ctx.world().server_bans();
  if (!id || bans.ids().count(*id) == 0) return nullptr;
  const irc::Ban* ban = bans.find(*id, ctx.now().unix_ms);
  if (ban == nullptr) ctx.world().unban(*id);  // removes a ban that has expired
  return ban;
}

}  // namespace

bool is_right_secret(Context& ctx, const irc::Peer& peer, std::string_view secret) {
  return port::same_digest(ctx.slash().hash.digest(peer.id().text(), secret), peer.claim().secret);
}

bool is_taken(Context& ctx, const std::optional<std::string>& nick, const irc::Peer* self) {
  if (!nick || nick->empty()) return false;
  const auto parsed = irc::Nick::parse(*nick, irc::Nick::MostBytes);
  const irc::Peer* holder = parsed ? ctx.world().find(*parsed) : nullptr;
  return holder != nullptr && holder != self;
}

Result<Effects> describe_first(Context& ctx, const Description& given) {
  const Options& options = ctx.options();
  if (!options.password.empty() && !irc::equal_in_constant_time(given.token, options.password)) {
    return ctx.refuse(Reply::WrongPassword, {});
  }
  if (const irc::Ban* ban = find_ban(ctx, given.id)) {
    Effects out;
    end_session(ctx.slash(), out, ctx.session(), close_code::Banned,
                with_reason("banned", ban->reason), {}, ctx.now());
    return out;
  }
  auto entry = decide(ctx, given);
  if (!entry) return entry.refusal();
  if (is_taken(ctx, given.nick, entry->peer)) {
    return ctx.refuse(Reply::NickInUse, {*given.nick});
  }
  Effects out;
  enter(ctx, out, *entry, given);
  out.add(port::FrameLimit{ctx.session().connection, ctx.limits().frame});
  subscribe(out, ctx.me(), ctx.slash().world.everybody());
  const std::string_view how = entry->resumes ? "resumed" : entry->returns ? "returned" : "new";
  welcome(ctx, out, entry->secret, how);
  start_catching_up(ctx, *entry, given);
  return out;
}

}  // namespace signaller::commands
