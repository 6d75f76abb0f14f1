#include "commands/common/channel_description.hpp"

#include <utility>
#include <variant>

#include "commands/common/lookup.hpp"
#include "commands/grammar/relaxed_json.hpp"
#include "irc/text/text.hpp"

namespace signaller::commands {
namespace {

using irc::Failure;

Refusal invalid_channel_member(Context& ctx, std::string_view member, std::string_view right) {
  return ctx.fail(Failure::InvalidValue, {member}, right);
}

/// Reads a string of at most `limit` bytes into `into`; null empties `into`.
Result<void> take_text(Context& ctx, const JsonMember& member, std::size_t limit,
                       std::string& into) {
  const bool is_null = member.kind == JsonKind::Null;
  std::string text =
      member.kind == JsonKind::String ? decode_json_string(member.text) : std::string{};
  if ((!is_null && member.kind != JsonKind::String) || text.size() > limit ||
      irc::has_control(text)) {
    return invalid_channel_member(
        ctx, member.key,
        fmt::format("{} must be a string of at most {} bytes without control characters, or null",
                    member.key, limit));
  }
  into = std::move(text);
  return {};
}

Result<void> take_info(Context& ctx, const JsonMember& member, std::string& into) {
  const bool is_null = member.kind == JsonKind::Null;
  if ((!is_null && member.kind != JsonKind::Object) || member.text.size() > ctx.limits().info) {
    return invalid_channel_member(
        ctx, member.key,
        fmt::format("info must be a JSON object of at most {} bytes, or null", ctx.limits().info));
  }
  into = is_null ? std::string{} : member.text;
  return {};
}

Result<void> take(Context& ctx, const JsonMember& member, irc::ChannelProfile& into) {
  if (member.key == "name") return take_text(ctx, member, ctx.limits().name, into.name);
  if (member.key == "descp") return take_text(ctx, member, ctx.limits().info, into.descp);
  if (member.key == "info") return take_info(ctx, member, into.info);
  const bool showable = !irc::has_control(member.key);
  return invalid_channel_member(ctx, showable ? irc::cut_utf8(member.key, ctx.limits().name) : "*",
                                "A channel's description may have only the members name, descp and "
                                "info: put other data into info");
}

}  // namespace

Result<Effects> describe_channel(Context& ctx, const Args& args) {
  auto channel = find_operated(ctx, args[0]);
  if (!channel) return channel.refusal();
  const auto read = read_json_object(args[1]);
  if (const auto* error = std::get_if<JsonError>(&read)) {
    return ctx.fail(Failure::InvalidJson, {std::to_string(args.offset(1) + error->offset)},
                    fmt::format("Expected {} here", error->expected));
  }
  irc::ChannelProfile profile = channel->state().profile;
  for (const auto& member : std::get<std::vector<JsonMember>>(read)) {
    if (auto checked = take(ctx, member, profile); !checked) return checked.refusal();
  }
  ctx.ack(channel->name());
  ctx.world().edit(*channel, ctx.now()).profile = std::move(profile);
  Effects out;
  ctx.tell_others(out, *channel, irc::ChannelDescribed{ctx.me(), *channel});
  ctx.audit(out, channel->name(), "", "", irc::public_json(*channel));
  return out;
}

}  // namespace signaller::commands
