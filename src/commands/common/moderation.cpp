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

Result<std::string_view> read_reason(Context& ctx, std::string_view text) {
  const bool colon = !text.empty() && text.front() == ':';
  const std::string_view reason = text.substr(colon ? 1 : 0);
  if (reason.size() <= ctx.limits().reason) return reason;
  return ctx.too_long("REASONLEN", ctx.limits().reason, reason.size());
}

Result<std::int64_t> read_until(Context& ctx, std::string_view duration) {
  if (duration.empty()) return 0;
  const auto for_ms = parse_duration(duration);
  if (!for_ms) {
    return ctx.fail(irc::Failure::InvalidValue, {"duration"}, DurationForm);
  }
  return ctx.now().unix_ms + *for_ms;
}

}  // namespace signaller::commands
