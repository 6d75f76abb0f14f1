#include "persist/format/decode.hpp"

#include <fmt/format.h>

#include <utility>

#include "persist/format/keys.hpp"
#include "persist/format/packed_message.hpp"
#include "persist/format/percent_encoding.hpp"
#include "persist/format/record_fields.hpp"

namespace signaller::persist {
namespace {

/// What is behind a prefix, if it is there.
std::optional<std::string> behind(std::string_view prefix, std::string_view name) {
  if (name.substr(0, prefix.size()) != prefix) return std::nullopt;
  return std::string(name.substr(prefix.size()));
}

bool is_rank(std::string_view text) {
  return text.empty() || text == "+" || text == "@";
}

void skip_field(const Place& place, std::string_view name) {
  place.warnings.add(place.key, fmt::format("the value of '{}' is ill-formed", printable(name)));
}

/// The number of an entry: ours have no second part, and none is 0.
bool read_entry_id(std::string_view id, std::uint64_t& out) {
  constexpr std::string_view End = "-0";
  if (id.size() <= End.size() || id.substr(id.size() - End.size()) != End) return false;
  id.remove_suffix(End.size());
  return read_number(id, out) && out != 0;
}

void skip_entry(const Place& place, std::string_view id) {
  place.warnings.add(place.key, fmt::format("entry {} is ill-formed", printable(id)));
}

/// All known fields of a hash; others are of later versions and do not matter.
template <class Table, class Record>
bool read_fields(const Table& table, const Pairs& pairs, Record& out, const Place& place) {
  std::size_t next = 0;
  for (const auto& [name, value] : pairs) {
    const auto* const field = find_field(table, name, next);
    if (field == nullptr || field->read(value, out)) continue;
    skip_field(place, name);
    return false;
  }
  return true;
}

bool read_ban(std::string_view text, port::BanRecord& out) {
  const auto by = take_word(text);
  if (!by || !take_number(text, out.set_ms) || !take_number(text, out.until_ms)) return false;
  auto name = percent_decode(*by);
  if (!name) return false;
  out.by = std::move(*name);
  out.reason = text;
  return true;
}

bool read_rank(std::string_view text, port::StandingRecord& out) {
  const auto sign = take_word(text);
  if (!sign || sign->empty() || !is_rank(*sign)) return false;
  out.rank = *sign;
  return read_number(text, out.owner_generation);
}

bool read_standing(std::string_view name, std::string_view value, port::ChannelRecord& out) {
  port::StandingRecord standing;
  if (auto peer = behind(RankField, name)) {
    standing.peer = std::move(*peer);
    if (!read_rank(value, standing)) return false;
    out.ranks.push_back(std::move(standing));
  } else if (peer = behind(MuteField, name); peer) {
    standing.peer = std::move(*peer);
    if (!read_number(value, standing.until_ms)) return false;
    out.mutes.push_back(std::move(standing));
  } else if (peer = behind(InviteField, name); peer) {
    standing.peer = std::move(*peer);
    if (!take_number(value, standing.owner_generation)) return false;
    if (!read_number(value, standing.until_ms)) return false;
    out.invites.push_back(std::move(standing));
  } else if (peer = behind(BanField, name); peer) {
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
                                            const Place& place) {
  if (hash.empty()) {
    place.warnings.add(place.key, "is listed and is not there");
    return std::nullopt;
  }
  port::PeerRecord record;
  record.id = id;
  if (!read_fields(PeerFields, hash, record, place)) return std::nullopt;
  return record;
}

std::optional<port::ChannelRecord> decode_channel(std::string_view name, const Pairs& hash,
                                                  std::vector<port::MemberRecord>& members,
                                                  const Place& place) {
  if (hash.empty()) {
    place.warnings.add(place.key, "is listed and is not there");
    return std::nullopt;
  }
  port::ChannelRecord record;
  const std::size_t before = members.size();
  bool good = true;
  std::size_t next = 0;
  for (const auto& [field, value] : hash) {
    if (auto peer = behind(MemberField, field)) {
      if (is_rank(value)) {
        members.push_back({std::string(name), std::move(*peer), std::string(value)});
      } else {
        skip_field(place, field);
      }
      continue;
    }
    const auto* const known = find_field(ChannelFields, field, next);
    if (known == nullptr || known->read(value, record)) continue;
    skip_field(place, field);
    good = false;
  }
  if (good && folded(record.name) != name) {
    place.warnings.add(place.key, "its name is another one");
    good = false;
  }
  if (good) return record;
  members.resize(before);
  return std::nullopt;
}

void decode_standings(const Pairs& hash, port::ChannelRecord& out, const Place& place) {
  for (const auto& [name, value] : hash) {
    if (!read_standing(name, value, out)) skip_field(place, name);
  }
}

void decode_bans(const Pairs& hash, std::vector<port::BanRecord>& out, const Place& place) {
  for (const auto& [whom, value] : hash) {
    port::BanRecord ban;
    ban.whom = whom;
    if (read_ban(value, ban)) {
      out.push_back(std::move(ban));
    } else {
      skip_field(place, whom);
    }
  }
}

std::optional<port::KeptMessage> decode_message(std::string_view id, const Pairs& entry,
                                                const Place& place) {
  port::KeptMessage message;
  const bool handed = entry.size() == 2 && entry[1].first == HandedField && entry[1].second == "1";
  if ((entry.size() == 1 || handed) && entry[0].first == PackedField &&
      read_entry_id(id, message.seq) && unpack(entry[0].second, message)) {
    return message;
  }
  skip_entry(place, id);
  return std::nullopt;
}

std::optional<port::AuditRecord> decode_audit(std::string_view id, const Pairs& entry,
                                              const Place& place) {
  port::AuditRecord record;
  if (!read_entry_id(id, record.id)) {
    skip_entry(place, id);
    return std::nullopt;
  }
  if (!read_fields(AuditFields, entry, record, place)) return std::nullopt;
  return record;
}

}  // namespace signaller::persist
