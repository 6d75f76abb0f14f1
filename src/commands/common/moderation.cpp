#include "commands/common/moderation.hpp"

#include "commands/common/lookup.hpp"
#include "commands/grammar/duration.hpp"

namespace signaller::commands {

std::string audited_name(const irc::Channel& channel, const irc::PeerId& id) {
  return fmt::format("{},{}", channel.name(), id.text());
}

std::vector<irc::Channel*> run_channels_of(Context& ctx, const irc::Peer& peer) {
  std::vector<irc::Channel*> channels;
  for (irc::Channel* channel : peer.channels()) {
    if (is_operator_of(ctx, *channel)) channels.push_back(channel);
  }
  return channels;
}

Effects check_reason(Context& ctx, std::string_view reason) {
  if (reason.size() <= ctx.limits().reason) return {};
  return ctx.too_long("REASONLEN", ctx.limits().reason, reason.size());
}

bool read_until(Context& ctx, std::string_view duration, std::int64_t& until_ms, Effects& refusal) {
  until_ms = 0;
  if (duration.empty()) return true;
  const auto for_ms = parse_duration(duration);
  if (!for_ms) {
    refusal = ctx.fail(irc::Failure::InvalidValue, {"duration"}, DurationForm);
    return false;
  }
  until_ms = ctx.now().unix_ms + *for_ms;
  return true;
}

}  // namespace signaller::commands
