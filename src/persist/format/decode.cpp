#include "persist/format/decode.hpp"

#include <fmt/format.h>

#include <utility>

#include "persist/format/keys.hpp"
#include "persist/format/packed_message.hpp"
#include "persist/format/record_fields.hpp"
#include "port/url.hpp"

namespace signaller::persist {
namespace {

/// The text after a prefix; nothing if the prefix is missing.
std::optional<std::string> strip_prefix(std::string_view prefix, std::string_view name) {
  if (name.substr(0, prefix.size()) != prefix) return std::nullopt;
  return std::string(name.substr(prefix.size()));
}

bool is_rank(std::string_view text) {
  return text.empty() || text == "+" || text == "@";
}

void warn_field(const DecodeContext& context, std::string_view name) {
  context.warnings.add(context.key, fmt::format("the value of '{}' is malformed", printable(name)));
}

/// Reads N from an entry id `N-0`. Returns false if the id has another form, or N is 0.
bool read_entry_id(std::string_view id, std::uint64_t& out) {
  constexpr std::string_view End = "-0";
  if (id.size() <= End.size() || id.substr(id.size() - End.size()) != End) return false;
  id.remove_suffix(End.size());
  return read_number(id, out) && out != 0;
}

void warn_entry(const DecodeContext& context, std::string_view id) {
  context.warnings.add(context.key, fmt::format("entry {} is malformed", printable(id)));
}

/// Reads all known fields. Ignores unknown fields, which later versions may have written.
template <class Table, class Record>
bool read_fields(const Table& table, const Pairs& pairs, Record& out,
                 const DecodeContext& context) {
  std::size_t next = 0;
  for (const auto& [name, value] : pairs) {
    const auto* const field = find_field(table, name, next);
    if (field == nullptr || field->read(value, out)) continue;
    warn_field(context, name);
    return false;
  }
  return true;
}

bool read_ban(std::string_view text, port::BanRecord& out) {
  const auto by = next_token(text);
  if (!by || !next_number(text, out.set_ms) || !next_number(text, out.until_ms)) return false;
  auto name = port::percent_decode(*by);
  if (!name) return false;
  out.by = std::move(*name);
  out.reason = text;
  return true;
}

bool read_rank(std::string_view text, port::StandingRecord& out) {
  const auto sign = next_token(text);
  if (!sign || sign->empty() || !is_rank(*sign)) return false;
  out.rank = *sign;
  return read_number(text, out.owner_generation);
}

bool read_standing(std::string_view name, std::string_view value, port::ChannelRecord& out) {
  port::StandingRecord standing;
  if (auto peer = strip_prefix(RankField, name)) {
    standing.peer = std::move(*peer);
    if (!read_rank(value, standing)) return false;
    out.ranks.push_back(std::move(standing));
  } else if (peer = strip_prefix(MuteField, name); peer) {
    standing.peer = std::move(*peer);
    if (!read_number(value, standing.until_ms)) return false;
    out.mutes.push_back(std::move(standing));
  } else if (peer = strip_prefix(InviteField, name); peer) {
    standing.peer = std::move(*peer);
    if (!next_number(value, standing.owner_generation)) return false;
    if (!read_number(value, standing.until_ms)) return false;
    out.invites.push_back(std::move(standing));
  } else if (peer = strip_prefix(BanField, name); peer) {
    port::BanRecord ban;
    ban.whom = std::move(*peer);
    if (!read_ban(value, ban)) return false;
    out.bans.push_back(std::move(ban));
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::optional<port::PeerRecord> decode_peer(std::string_view id, const Pairs& hash,
                                            const DecodeContext& context) {
  if (hash.empty()) {
    context.warnings.add(context.key, "is in an index but does not exist");
    return std::nullopt;
  }
  port::PeerRecord record;
  record.id = id;
  if (!read_fields(PeerFields, hash, record, context)) return std::nullopt;
  return record;
}

std::optional<port::ChannelRecord> decode_channel(std::string_view name, const Pairs& hash,
                                                  std::vector<port::MemberRecord>& members,
                                                  const DecodeContext& context) {
  if (hash.empty()) {
    context.warnings.add(context.key, "is in an index but does not exist");
    return std::nullopt;
  }
  port::ChannelRecord record;
  const std::size_t before = members.size();
  bool good = true;
  std::size_t next = 0;
  for (const auto& [field, value] : hash) {
    if (auto peer = strip_prefix(MemberField, field)) {
      if (is_rank(value)) {
        members.push_back({std::string(name), std::move(*peer), std::string(value)});
      } else {
        warn_field(context, field);
      }
      continue;
    }
    const auto* const known = find_field(ChannelFields, field, next);
    if (known == nullptr || known->read(value, record)) continue;
    warn_field(context, field);
    good = false;
  }
  if (good && folded(record.name) != name) {
    context.warnings.add(context.key, "the field 'name' does not match the key");
    good = false;
  }
  if (good) return record;
  members.resize(before);
  return std::nullopt;
}

void decode_standings(const Pairs& hash, port::ChannelRecord& out, const DecodeContext& context) {
  for (const auto& [name, value] : hash) {
    if (!read_standing(name, value, out)) warn_field(context, name);
  }
}

void decode_bans(const Pairs& hash, std::vector<port::BanRecord>& out,
                 const DecodeContext& context) {
  for (const auto& [whom, value] : hash) {
    port::BanRecord ban;
    ban.whom = whom;
    if (read_ban(value, ban)) {
      out.push_back(std::move(ban));
    } else {
      warn_field(context, whom);
    }
  }
}

std::optional<port::KeptMessage> decode_message(std::string_view id, const Pairs& entry,
                                                const DecodeContext& context) {
  port::KeptMessage message;
  const bool handed = entry.size() == 2 && entry[1].first == HandedField && entry[1].second == "1";
  if ((entry.size() == 1 || handed) && entry[0].first == PackedField &&
      read_entry_id(id, message.seq) && unpack(entry[0].second, message)) {
    return message;
  }
  warn_entry(context, id);
  return std::nullopt;
}

std::optional<port::AuditRecord> decode_audit(std::string_view id, const Pairs& entry,
                                              const DecodeContext& context) {
  port::AuditRecord record;
  if (!read_entry_id(id, record.id)) {
    warn_entry(context, id);
    return std::nullopt;
  }
  if (!read_fields(AuditFields, entry, record, context)) return std::nullopt;
  return record;
}

}  // namespace signaller::persist
