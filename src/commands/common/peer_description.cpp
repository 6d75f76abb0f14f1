#include "commands/common/peer_description.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <variant>

#include "commands/grammar/relaxed_json.hpp"
#include "irc/text/json_writer.hpp"
#include "irc/text/text.hpp"

namespace signaller::commands {
namespace {

using irc::Failure;
using irc::Reply;

constexpr std::size_t LongestSecret = 256;

/// Reads one JSON member into the description.
using Take = Result<void> (*)(Context&, const JsonMember&, Description&);

Refusal invalid(Context& ctx, std::string_view member, std::string_view right) {
  return ctx.fail(Failure::InvalidValue, {member}, right);
}

/// Returns the text of a JSON string, an empty text for null, and nothing for any other value.
std::optional<std::string> text_of(const JsonMember& member) {
  if (member.kind == JsonKind::Null) return std::string{};
  if (member.kind != JsonKind::String) return std::nullopt;
  return decode_json_string(member.text);
}

Result<void> take_id(Context& ctx, const JsonMember& member, Description& into) {
  const auto text = text_of(member);
  if (text && text->empty() && member.kind == JsonKind::Null) return {};
  into.id = text ? irc::PeerId::parse(*text) : std::nullopt;
  if (!into.id) return invalid(ctx, member.key, "id must be 24 hex digits");
  return {};
}

Result<void> take_nick(Context& ctx, const JsonMember& member, Description& into) {
  auto text = text_of(member);
  if (!text) return invalid(ctx, member.key, "nick must be a string");
  if (!text->empty() && !irc::Nick::parse(*text, ctx.limits().nick)) {
    const bool showable = !irc::has_control(*text);
    return ctx.refuse(Reply::BadNick, {showable ? std::string_view(*text) : "*"},
                      ctx.limits().nick);
  }
  into.nick = std::move(text);
  return {};
}

Result<void> take_name(Context& ctx, const JsonMember& member, Description& into) {
  auto text = text_of(member);
  if (!text || text->size() > ctx.limits().name || irc::has_control(*text)) {
    return invalid(
        ctx, member.key,
        fmt::format("name must be a string of at most {} bytes without control characters",
                    ctx.limits().name));
  }
  into.name = std::move(text);
  return {};
}

Result<void> take_secret(Context& ctx, const JsonMember& member, Description& into) {
  constexpr std::size_t Shortest = 22;
  auto text = text_of(member);
  if (member.kind == JsonKind::Null) return {};
  const auto fits_a_line = [](char c) { return c > ' ' && c < '\x7f'; };
  if (!text) return invalid(ctx, member.key, SecretForm);
  into.secret_fits = text->size() >= Shortest && text->size() <= LongestSecret &&
                     text->front() != ':' && std::all_of(text->begin(), text->end(), fits_a_line);
  into.secret = std::move(*text);
  return {};
}

Result<void> take_token(Context& ctx, const JsonMember& member, Description& into) {
  auto text = text_of(member);
  if (!text) return invalid(ctx, member.key, "token, the server's password, must be a string");
  into.token = std::move(*text);
  return {};
}

/// Caps that the server does not know are ignored. 005 lists the known ones.
Result<void> take_caps(Context& ctx, const JsonMember& member, Description& into) {
  const auto names = member.kind == JsonKind::Array ? decode_json_strings(member.text)
                                                    : std::optional<std::vector<std::string>>{};
  if (!names) return invalid(ctx, member.key, "caps must be an array of strings");
  for (const auto& name : *names) irc::enable_cap(into.caps, name);
  return {};
}

/// A longer time than the server allows is shortened. SESSION states the resulting time.
Result<void> take_resume(Context& ctx, const JsonMember& member, Description& into) {
  constexpr std::size_t Longest = 18;  // a number with this many digits always fits
  const bool whole = member.kind == JsonKind::Number && member.text.size() <= Longest &&
                     irc::parse_number(member.text);
  if (!whole)
    return invalid(ctx, member.key, "resume must be a whole number of seconds, 0 or more");
  const std::uint64_t most_s = static_cast<std::uint64_t>(ctx.options().resume_most_ms) / 1000;
  const std::uint64_t wanted_s = std::min(*irc::parse_number(member.text), most_s);
  into.resume_ms = static_cast<std::int64_t>(wanted_s * 1000);
  return {};
}

/// Reads `<epoch>:<seq>`: 8 hex digits and a number. An epoch of another form is accepted: it
/// differs from every epoch of the server.
std::optional<Position> read_position(std::string target, std::string_view text) {
  constexpr std::size_t EpochDigits = 8;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto seq = irc::parse_number(text.substr(colon + 1));
  if (!seq) return std::nullopt;
  Position position{std::move(target), std::nullopt, *seq};
  std::uint32_t epoch = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + colon, epoch, 16);
  const bool ours = colon == EpochDigits && error == std::errc{} && stop == text.data() + colon;
  if (ours) position.epoch = epoch;
  return position;
}

Result<void> take_since(Context& ctx, const JsonMember& member, Description& into) {
  constexpr std::string_view Form =
      "since must be an object such as {\"#lobby\": \"<epoch>:<seq>\", \"*\": \"<epoch>:<seq>\"}";
  const auto read = member.kind == JsonKind::Object ? read_json_object(member.text)
                                                    : decltype(read_json_object({})){JsonError{}};
  const auto* pairs = std::get_if<std::vector<JsonMember>>(&read);
  if (pairs == nullptr) return invalid(ctx, member.key, Form);
  if (pairs->size() > ctx.limits().channels + 1) {
    return invalid(
        ctx, member.key,
        fmt::format(
            "since may have at most {} members: one for each channel that a peer may be in, and *",
            ctx.limits().channels + 1));
  }
  into.since.clear();
  for (const auto& pair : *pairs) {
    const bool named =
        pair.key == "*" || irc::ChannelName::parse(pair.key, irc::ChannelName::MostBytes);
    const auto text = text_of(pair);
    auto position = named && text ? read_position(pair.key, *text) : std::nullopt;
    if (!position) return invalid(ctx, member.key, Form);
    const std::string folded = irc::fold(position->target);
    const auto same = std::find_if(into.since.begin(), into.since.end(), [&](const Position& one) {
      return irc::fold(one.target) == folded;
    });
    if (same == into.since.end()) {
      into.since.push_back(std::move(*position));
    } else {
      *same = std::move(*position);
    }
  }
  return {};
}

Result<void> take_dm(Context& ctx, const JsonMember& member, Description& into) {
  using irc::DirectMessages;
  const auto text = text_of(member);
  for (const auto from : {DirectMessages::Anyone, DirectMessages::Shared, DirectMessages::None}) {
    if (text && *text == irc::direct_messages_text(from)) into.direct_messages = from;
  }
  if (!into.direct_messages) return invalid(ctx, member.key, "dm must be anyone, shared or none");
  return {};
}

struct Known {
  std::string_view name;
  Take take;
};
constexpr std::array KnownMembers{
    Known{"id", take_id},         Known{"nick", take_nick},   Known{"name", take_name},
    Known{"secret", take_secret}, Known{"token", take_token}, Known{"caps", take_caps},
    Known{"resume", take_resume}, Known{"since", take_since}, Known{"dm", take_dm},
};

const Known* find_known(std::string_view name) {
  const auto* const found = std::find_if(KnownMembers.begin(), KnownMembers.end(),
                                         [name](const Known& k) { return k.name == name; });
  return found == KnownMembers.end() ? nullptr : found;
}

/// The known member whose name differs from this one only in the case of its letters. Such a member
/// would be shown to everybody, even if a secret was meant.
const Known* find_similar(std::string_view name) {
  return find_known(irc::fold(name));
}

/// The members that the server does not know, as one JSON object. Duplicate members are kept.
std::optional<std::string> info_of(const std::vector<JsonMember>& members) {
  std::string info;
  for (const auto& member : members) {
    if (find_known(member.key) != nullptr) continue;
    info += info.empty() ? '{' : ',';
    irc::append_json_string(info, member.key);
    info += ':';
    info += member.text;
  }
  if (info.empty()) return std::nullopt;
  return info + '}';
}

}  // namespace

Result<Description> read_description(Context& ctx, const Args& args) {
  const auto read = read_json_object(args[1]);
  if (const auto* error = std::get_if<JsonError>(&read)) {
    return ctx.fail(Failure::InvalidJson, {std::to_string(args.offset(1) + error->offset)},
                    fmt::format("Expected {} here", error->expected));
  }
  const auto& members = std::get<std::vector<JsonMember>>(read);
  Description description;
  for (const auto& member : members) {
    const Known* known = find_known(member.key);
    if (known == nullptr) {
      const Known* similar = find_similar(member.key);
      if (similar == nullptr) continue;
      return invalid(ctx, member.key, fmt::format("The member must be written {}", similar->name));
    }
    if (auto taken = known->take(ctx, member, description); !taken) return taken.refusal();
  }
  description.info = info_of(members);
  if (description.info && description.info->size() > ctx.limits().info) {
    return invalid(
        ctx, "info",
        fmt::format("The members that the server does not know may have at most {} bytes together",
                    ctx.limits().info));
  }
  return description;
}

}  // namespace signaller::commands
