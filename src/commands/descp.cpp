#include "commands/description.hpp"
#include "commands/membership.hpp"
#include "commands/welcome.hpp"
#include "irc/text.hpp"

namespace signaller::commands {
namespace {

using irc::Failure;
using irc::Reply;

/// 128 random bits, in hex.
std::string make_secret(port::Random& random) {
  const std::uint64_t high = random.next();
  return fmt::format("{:016x}{:016x}", high, random.next());
}

irc::PeerId make_id(Context& ctx) {
  for (;;) {
    const auto id = irc::PeerId::make(ctx.core().random, ctx.now());
    if (ctx.world().find(id) == nullptr) return id;
  }
}

/// Whether the nick is somebody else's.
bool is_taken(Context& ctx, const std::optional<std::string>& nick) {
  if (!nick || nick->empty()) return false;
  const auto parsed = irc::Nick::parse(*nick, ctx.limits().nick);
  const irc::Peer* holder = parsed ? ctx.world().find(*parsed) : nullptr;
  return holder != nullptr && holder != ctx.session().peer;
}

Effects describe_first(Context& ctx, const Description& given) {
  const Options& options = ctx.options();
  if (!options.password.empty() && !irc::equal_in_constant_time(given.token, options.password)) {
    return ctx.refuse(Reply::WrongPassword, {});
  }
  // With `client_ids` off an id that is given does not count: the server issues all of them.
  const irc::PeerId id = given.id && options.client_ids ? *given.id : make_id(ctx);
  if (ctx.world().find(id) != nullptr) return ctx.refuse(Reply::IdInUse, {id.text()});
  if (!given.secret_fits) return ctx.fail(Failure::InvalidValue, {"secret"}, SecretForm);
  if (is_taken(ctx, given.nick)) return ctx.refuse(Reply::NickInUse, {*given.nick});

  Session& session = ctx.session();
  irc::Profile profile{given.nick.value_or(""), given.name.value_or(""), given.info.value_or("")};
  ctx.core().waiting.remove(session.waiting);
  session.peer = &ctx.world().add(id, {session.connection, given.caps}, std::move(profile),
                                  ctx.core().random, ctx.now());
  Effects out;
  out.add(port::FrameLimit{session.connection, ctx.limits().frame});
  subscribe(out, ctx.me(), irc::World::everybody());
  welcome(ctx, out, given.secret.empty() ? make_secret(ctx.core().random) : given.secret);
  return out;
}

/// Changes what is given of nick, name and info. The other members count only the first time.
Effects describe_again(Context& ctx, const Description& given) {
  irc::Peer& me = ctx.me();
  if (given.id && *given.id != me.id() && ctx.options().client_ids) {
    return ctx.fail(Failure::InvalidValue, {"id"},
                    "An id stays as it is: connect anew for another");
  }
  if (!given.secret_fits) return ctx.fail(Failure::InvalidValue, {"secret"}, SecretForm);
  if (is_taken(ctx, given.nick)) return ctx.refuse(Reply::NickInUse, {*given.nick});
  irc::Profile profile = me.profile();
  if (given.nick) profile.nick = *given.nick;
  if (given.name) profile.name = *given.name;
  if (given.info) profile.info = *given.info;
  ctx.world().describe(me, std::move(profile), ctx.now());
  Effects out;
  ctx.tell_shared(out, irc::Described{me});
  return out;
}

Effects run(Context& ctx, const Args& args) {
  Effects refusal;
  const auto given = read_description(ctx, args, refusal);
  if (!given) return refusal;
  return ctx.described() ? describe_again(ctx, *given) : describe_first(ctx, *given);
}

}  // namespace

constexpr Command verbs::descp{
    "descp",
    "<json...>",
    "say who you are: first of all, and again to change nick, name or info",
    "/descp {nick: \"ann\", name: \"Ann\", color: \"red\"}",
    Access::Anybody,
    Cost{2},
    run};

}  // namespace signaller::commands
