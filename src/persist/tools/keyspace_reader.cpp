#include "persist/tools/keyspace_reader.hpp"

#include <utility>

#include "persist/format/decode.hpp"
#include "persist/format/record_fields.hpp"
#include "persist/redis/explain.hpp"

namespace signaller::persist {
namespace {

constexpr std::size_t Window = 2'048;

std::size_t cost_of(KeyKind kind) {
  switch (kind) {
    case KeyKind::Audit:
    case KeyKind::Log:
    case KeyKind::Mail:
      return 16;  // a megabyte at worst, if a server wrote it
    case KeyKind::Channel:
    case KeyKind::Bans:
      return 8;
    case KeyKind::Header:
    case KeyKind::PeerIndex:
    case KeyKind::ChannelIndex:
    case KeyKind::Peer:
    case KeyKind::Standing:
      return 1;
  }
  return 1;
}

Argv question(KeyKind kind, const std::string& key) {
  switch (kind) {
    case KeyKind::Header:
      return {};
    case KeyKind::PeerIndex:
    case KeyKind::ChannelIndex:
      return {"SMEMBERS", key};
    case KeyKind::Bans:
    case KeyKind::Peer:
    case KeyKind::Channel:
    case KeyKind::Standing:
      return {"HGETALL", key};
    case KeyKind::Audit:
    case KeyKind::Log:
    case KeyKind::Mail:
      return {"XRANGE", key, "-", "+"};
  }
  return {};
}

/// A text for MATCH that means itself.
std::string literal(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("*?[]\\").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

Pairs pairs_of(const RedisReply& hash) {
  Pairs pairs;
  for (std::size_t i = 0; i + 1 < hash.size(); i += 2) {
    pairs.emplace_back(hash[i].text(), hash[i + 1].text());
  }
  return pairs;
}

}  // namespace

bool KeyspaceReader::read() {
  return scan() && read_contents();
}

bool KeyspaceReader::scan() {
  const std::string pattern = literal(prefix_) + '*';
  std::string cursor = "0";
  do {
    const bool told = visit_.ask({"SCAN", cursor, "MATCH", pattern, "COUNT", "1000"},
                                 [&](const RedisReply& reply) {
                                   if (reply.size() != 2 || !reply[1].array()) {
                                     visit_.give_up("Redis answers what was not asked");
                                     return;
                                   }
                                   cursor = reply[0].text();
                                   for (std::size_t i = 0; i < reply[1].size(); ++i) {
                                     const std::string_view key = reply[1][i].text();
                                     if (key.substr(0, prefix_.size()) == prefix_)
                                       keyspace_.keys.emplace(key);
                                   }
                                 });
    if (!told) return false;
  } while (cursor != "0");
  return true;
}

bool KeyspaceReader::read_contents() {
  for (const std::string& key : keyspace_.keys) {
    const auto known = parse_key(prefix_, key);
    if (!known) {
      keyspace_.unknown.insert(key);
    } else if (known->kind != KeyKind::Header) {
      ask(key, *known);
    }
    if (under_way_ < Window) continue;
    if (!visit_.until([this] { return under_way_ < Window / 2; })) return false;
  }
  return visit_.until([this] { return under_way_ == 0; });
}

void KeyspaceReader::ask(const std::string& key, const KnownKey& known) {
  under_way_ += cost_of(known.kind);
  visit_.link().send(question(known.kind, key), [this, &key, known](const RedisReply& reply) {
    under_way_ -= cost_of(known.kind);
    if (reply.error("WRONGTYPE")) {
      foreign(key, known);
    } else if (reply.error()) {
      visit_.give_up(explain(reply.text()));
    } else if (reply.size() > 0 || known.kind == KeyKind::Log || known.kind == KeyKind::Mail) {
      take(key, known, reply);
    }  // else it has gone meanwhile
  });
}

void KeyspaceReader::foreign(const std::string& key, const KnownKey& known) {
  keyspace_.unknown.insert(key);
  const std::string name(known.name);
  if (known.kind == KeyKind::Peer) keyspace_.peers[name].state = KeyState::Foreign;
  if (known.kind == KeyKind::Channel) keyspace_.channels[name].state = KeyState::Foreign;
}

void KeyspaceReader::take(const std::string& key, const KnownKey& known, const RedisReply& reply) {
  switch (known.kind) {
    case KeyKind::Header:
      return;
    case KeyKind::PeerIndex:
      return take_listings(key, reply, keyspace_.listed_peers);
    case KeyKind::ChannelIndex:
      return take_listings(key, reply, keyspace_.listed_channels);
    case KeyKind::Peer:
      return take_peer(key, known.name, pairs_of(reply));
    case KeyKind::Channel:
      return take_channel(key, known.name, pairs_of(reply));
    case KeyKind::Standing:
      return take_standings(key, known.name, pairs_of(reply));
    case KeyKind::Bans:
      return take_bans(key, pairs_of(reply));
    case KeyKind::Mail:
      keyspace_.mail.emplace(known.name);
      return take_stream(key, known.kind, reply);
    case KeyKind::Log:
      keyspace_.logs.emplace(known.name);
      return take_stream(key, known.kind, reply);
    case KeyKind::Audit:
      return take_stream(key, known.kind, reply);
  }
}

void KeyspaceReader::take_listings(const std::string& key, const RedisReply& reply,
                                   std::vector<Listing>& out) const {
  for (std::size_t i = 0; i < reply.size(); ++i) {
    out.push_back({key, std::string(reply[i].text())});
  }
}

void KeyspaceReader::take_peer(const std::string& key, std::string_view id, const Pairs& hash) {
  LoadWarnings warnings;
  const auto peer = decode_peer(id, hash, {key, warnings});
  PeerFound& found = keyspace_.peers[std::string(id)];
  if (peer) {
    found = {KeyState::Sound, peer->here, peer->owned, !peer->inbox_epoch.empty(),
             peer->owner_generation};
  } else {
    found.state = KeyState::Corrupt;
  }
}

void KeyspaceReader::take_channel(const std::string& key, std::string_view name,
                                  const Pairs& hash) {
  LoadWarnings warnings;
  std::vector<port::MemberRecord> members;
  ChannelFound& found = keyspace_.channels[std::string(name)];
  if (!decode_channel(name, hash, members, {key, warnings})) {
    found.state = KeyState::Corrupt;
    return;
  }
  std::set<std::string> sound;
  for (auto& member : members) {
    sound.insert(member.peer);
    found.members.push_back(std::move(member.peer));
  }
  for (const auto& [field, value] : hash) {
    if (field.substr(0, MemberField.size()) != MemberField) continue;
    if (sound.count(std::string(field.substr(MemberField.size()))) == 0) corrupt_field(key, field);
  }
}

/// One by one, so that it is known which of them are good.
void KeyspaceReader::take_standings(const std::string& key, std::string_view name,
                                    const Pairs& hash) {
  port::ChannelRecord& found = keyspace_.standings[std::string(name)];
  for (const auto& pair : hash) {
    LoadWarnings warnings;
    decode_standings({pair}, found, {key, warnings});
    if (!warnings.take().empty()) corrupt_field(key, pair.first);
  }
}

void KeyspaceReader::take_bans(const std::string& key, const Pairs& hash) {
  for (const auto& pair : hash) {
    LoadWarnings warnings;
    decode_bans({pair}, keyspace_.bans, {key, warnings});
    if (!warnings.take().empty()) corrupt_field(key, pair.first);
  }
}

void KeyspaceReader::take_stream(const std::string& key, KeyKind kind, const RedisReply& reply) {
  LoadWarnings warnings;
  const Place place{key, warnings};
  for (std::size_t i = 0; i < reply.size(); ++i) {
    if (reply[i].size() != 2) continue;
    const std::string_view id = reply[i][0].text();
    const Pairs fields = pairs_of(reply[i][1]);
    const bool good = kind == KeyKind::Audit ? decode_audit(id, fields, place).has_value()
                                             : decode_message(id, fields, place).has_value();
    if (good) continue;
    keyspace_.corrupt.push_back({key, std::string(id), {"XDEL", key, std::string(id)}});
  }
}

void KeyspaceReader::corrupt_field(const std::string& key, std::string_view field) {
  keyspace_.corrupt.push_back({key, std::string(field), {"HDEL", key, std::string(field)}});
}

}  // namespace signaller::persist
