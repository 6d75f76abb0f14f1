#include "persist/redis/key_index_reader.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include "persist/format/record_fields.hpp"
#include "persist/redis/explain.hpp"

namespace signaller::persist {
namespace {

constexpr std::size_t MaxIndexReads = 1'024;  // maximum number of pending commands

void add_texts(const RedisReply& reply, std::vector<std::string>& out) {
  for (std::size_t i = 0; i < reply.size(); ++i) out.emplace_back(reply[i].text());
}

}  // namespace

KeyIndexReader::KeyIndexReader(RedisLink& link, const Keys& keys, Done done)
    : link_(link), keys_(keys), done_(std::move(done)) {}

void KeyIndexReader::start() {
  port::StoredNames& names = result_.names;
  for (unsigned i = 0; i < Keys::Buckets; ++i) {
    query({"SMEMBERS", keys_.peers(i)},
          [&names](const RedisReply& reply) { add_texts(reply, names.peers); });
    query({"SMEMBERS", keys_.channels(i)},
          [&names](const RedisReply& reply) { add_texts(reply, names.channels); });
  }
  query({"HKEYS", keys_.bans()},
        [&names](const RedisReply& reply) { add_texts(reply, names.bans); });
}

void KeyIndexReader::query(const Argv& argv, Read read) {
  ++pending_;
  link_.send(argv,
             [this, read = std::move(read)](const RedisReply& reply) { on_reply(reply, read); });
}

/// Takes a key of another type for empty. The key is repaired when its record is written.
void KeyIndexReader::on_reply(const RedisReply& reply, const Read& read) {
  if (finished_) return;
  --pending_;
  if (reply.error() && !reply.error("WRONGTYPE")) {
    finished_ = true;
    result_ = {};
    result_.problem = explain(reply.text());
    done_(std::move(result_));
    return;
  }
  read(reply);
  send_more();
}

void KeyIndexReader::send_more() {
  if (!index_read_ && pending_ > 0) return;
  index_read_ = true;
  if (pending_ > MaxIndexReads / 2) return;
  const port::StoredNames& names = result_.names;
  while (pending_ < MaxIndexReads) {
    if (next_channel_ < names.channels.size()) {
      query_channel(names.channels[next_channel_++]);
    } else if (next_peer_ < names.peers.size()) {
      query_peer(names.peers[next_peer_++]);
    } else {
      break;
    }
  }
  if (pending_ == 0) finish();
}

void KeyIndexReader::query_channel(const std::string& name) {
  query({"HKEYS", keys_.channel(name)}, [this, &name](const RedisReply& reply) {
    for (std::size_t i = 0; i < reply.size(); ++i) {
      const std::string_view field = reply[i].text();
      if (field.substr(0, MemberField.size()) != MemberField) continue;
      result_.names.members.emplace_back(name, field.substr(MemberField.size()));
    }
  });
  query({"EXISTS", keys_.log(name)}, [this, &name](const RedisReply& reply) {
    if (reply.integer() > 0) result_.names.logs.push_back(name);
  });
}

void KeyIndexReader::query_peer(const std::string& id) {
  query({"EXISTS", keys_.mail(id)}, [this, &id](const RedisReply& reply) {
    if (reply.integer() > 0) result_.names.mail.push_back(id);
  });
}

void KeyIndexReader::finish() {
  finished_ = true;
  done_(std::move(result_));
}

}  // namespace signaller::persist
