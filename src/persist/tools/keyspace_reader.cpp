#include "persist/tools/keyspace_reader.hpp"

#include <utility>

#include "persist/format/decode.hpp"
#include "persist/format/record_fields.hpp"
#include "persist/redis/explain.hpp"

namespace signaller::persist {
namespace {

constexpr std::size_t MaxScanCost = 2'048;

std::size_t cost_of(KeyKind kind) {
  switch (kind) {
    case KeyKind::Audit:
    case KeyKind::Log:
    case KeyKind::Mail:
      return 16;  // a stream that a server wrote has at most 1 MiB
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

Argv read_command(KeyKind kind, const std::string& key) {
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

/// Escapes a text for the pattern of MATCH.
std::string escape_pattern(std::string_view text) {
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
  const std::string pattern = escape_pattern(prefix_) + '*';
  std::string cursor = "0";
  do {
    const bool answered = connection_.query({"SCAN", cursor, "MATCH", pattern, "COUNT", "1000"},
                                            [&](const RedisReply& reply) {
                                              if (reply.size() != 2 || !reply[1].array()) {
                                                connection_.fail("Redis sent an unexpected reply");
                                                return;
                                              }
                                              cursor = reply[0].text();
                                              for (std::size_t i = 0; i < reply[1].size(); ++i) {
                                                const std::string_view key = reply[1][i].text();
                                                if (key.substr(0, prefix_.size()) == prefix_)
                                                  keyspace_.keys.emplace(key);
                                              }
                                            });
    if (!answered) return false;
  } while (cursor != "0");
  return true;
}

bool KeyspaceReader::read_contents() {
  for (const std::string& key : keyspace_.keys) {
    const auto known = parse_key(prefix_, key);
    if (!known) {
      keyspace_.unknown.insert(key);
    } else if (known->kind != KeyKind::Header) {
      query(key, *known);
    }
    if (pending_cost_ < MaxScanCost) continue;
    if (!connection_.run_until([this] { return pending_cost_ < MaxScanCost / 2; })) return false;
  }
  return connection_.run_until([this] { return pending_cost_ == 0; });
}

void KeyspaceReader::query(const std::string& key, const KnownKey& known) {
  pending_cost_ += cost_of(known.kind);
  connection_.link().send(
      read_command(known.kind, key), [this, &key, known](const RedisReply& reply) {
        pending_cost_ -= cost_of(known.kind);
        if (reply.error("WRONGTYPE")) {
          add_wrong_type(key, known);
        } else if (reply.error()) {
          connection_.fail(explain(reply.text()));
        } else if (reply.size() > 0 || known.kind == KeyKind::Log || known.kind == KeyKind::Mail) {
          add(key, known, reply);
        }  // otherwise the reply is empty: the key was deleted meanwhile, and nothing is added
      });
}

void KeyspaceReader::add_wrong_type(const std::string& key, const KnownKey& known) {
  keyspace_.unknown.insert(key);
  const std::string name(known.name);
  if (known.kind == KeyKind::Peer) keyspace_.peers[name].state = KeyState::WrongType;
  if (known.kind == KeyKind::Channel) keyspace_.channels[name].state = KeyState::WrongType;
}

void KeyspaceReader::add(const std::string& key, const KnownKey& known, const RedisReply& reply) {
  switch (known.kind) {
    case KeyKind::Header:
      return;
    case KeyKind::PeerIndex:
      return add_index_entries(key, reply, keyspace_.peer_index);
    case KeyKind::ChannelIndex:
      return add_index_entries(key, reply, keyspace_.channel_index);
    case KeyKind::Peer:
      return add_peer(key, known.name, pairs_of(reply));
    case KeyKind::Channel:
      return add_channel(key, known.name, pairs_of(reply));
    case KeyKind::Standing:
      return add_standings(key, known.name, pairs_of(reply));
    case KeyKind::Bans:
      return add_bans(key, pairs_of(reply));
    case KeyKind::Mail:
      keyspace_.mail.emplace(known.name);
      return add_stream(key, known.kind, reply);
    case KeyKind::Log:
      keyspace_.logs.emplace(known.name);
      return add_stream(key, known.kind, reply);
    case KeyKind::Audit:
      return add_stream(key, known.kind, reply);
  }
}

void KeyspaceReader::add_index_entries(const std::string& key, const RedisReply& reply,
                                       std::vector<IndexEntry>& out) const {
  for (std::size_t i = 0; i < reply.size(); ++i) {
    out.push_back({key, std::string(reply[i].text())});
  }
}

void KeyspaceReader::add_peer(const std::string& key, std::string_view id, const Pairs& hash) {
  LoadWarnings warnings;
  const auto peer = decode_peer(id, hash, {key, warnings});
  StoredPeer& found = keyspace_.peers[std::string(id)];
  if (peer) {
    found = {KeyState::Valid, peer->here, peer->owned, !peer->inbox_epoch.empty(),
             peer->owner_generation};
  } else {
    found.state = KeyState::Corrupt;
  }
}

void KeyspaceReader::add_channel(const std::string& key, std::string_view name, const Pairs& hash) {
  LoadWarnings warnings;
  std::vector<port::MemberRecord> members;
  StoredChannel& found = keyspace_.channels[std::string(name)];
  if (!decode_channel(name, hash, members, {key, warnings})) {
    found.state = KeyState::Corrupt;
    return;
  }
  std::set<std::string> valid;
  for (auto& member : members) {
    valid.insert(member.peer);
    found.members.push_back(std::move(member.peer));
  }
  for (const auto& [field, value] : hash) {
    if (field.substr(0, MemberField.size()) != MemberField) continue;
    if (valid.count(std::string(field.substr(MemberField.size()))) == 0)
      add_corrupt_field(key, field);
  }
}

/// Decodes the standings one by one, to know which of them are valid.
void KeyspaceReader::add_standings(const std::string& key, std::string_view name,
                                   const Pairs& hash) {
  port::ChannelRecord& found = keyspace_.standings[std::string(name)];
  for (const auto& pair : hash) {
    LoadWarnings warnings;
    decode_standings({pair}, found, {key, warnings});
    if (!warnings.take().empty()) add_corrupt_field(key, pair.first);
  }
}

void KeyspaceReader::add_bans(const std::string& key, const Pairs& hash) {
  for (const auto& pair : hash) {
    LoadWarnings warnings;
    decode_bans({pair}, keyspace_.bans, {key, warnings});
    if (!warnings.take().empty()) add_corrupt_field(key, pair.first);
  }
}

void KeyspaceReader::add_stream(const std::string& key, KeyKind kind, const RedisReply& reply) {
  LoadWarnings warnings;
  const DecodeContext context{key, warnings};
  for (std::size_t i = 0; i < reply.size(); ++i) {
    if (reply[i].size() != 2) continue;
    const std::string_view id = reply[i][0].text();
    const Pairs fields = pairs_of(reply[i][1]);
    const bool good = kind == KeyKind::Audit ? decode_audit(id, fields, context).has_value()
                                             : decode_message(id, fields, context).has_value();
    if (good) continue;
    keyspace_.corrupt.push_back({key, std::string(id), {"XDEL", key, std::string(id)}});
  }
}

void KeyspaceReader::add_corrupt_field(const std::string& key, std::string_view field) {
  keyspace_.corrupt.push_back({key, std::string(field), {"HDEL", key, std::string(field)}});
}

}  // namespace signaller::persist
