#include "persist/redis/key_index_reader.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include "persist/format/record_fields.hpp"
#include "persist/redis/explain.hpp"

namespace signaller::persist {
namespace {

constexpr std::size_t MostIndexReads = 1'024;  // commands under way

void add_texts(const RedisReply& reply, std::vector<std::string>& out) {
  for (std::size_t i = 0; i < reply.size(); ++i) out.emplace_back(reply[i].text());
}

}  // namespace

KeyIndexReader::KeyIndexReader(RedisLink& link, const Keys& keys, Done done)
    : link_(link), keys_(keys), done_(std::move(done)) {}

void KeyIndexReader::start() {
  port::StoredNames& names = called_.names;
  for (unsigned i = 0; i < Keys::Buckets; ++i) {
    ask({"SMEMBERS", keys_.peers(i)},
        [&names](const RedisReply& reply) { add_texts(reply, names.peers); });
    ask({"SMEMBERS", keys_.channels(i)},
        [&names](const RedisReply& reply) { add_texts(reply, names.channels); });
  }
  ask({"HKEYS", keys_.bans()}, [&names](const RedisReply& reply) { add_texts(reply, names.bans); });
}

void KeyIndexReader::ask(const Argv& argv, Read read) {
  ++under_way_;
  link_.send(argv,
             [this, read = std::move(read)](const RedisReply& reply) { answered(reply, read); });
}

/// A key of another type names nothing; it is healed when something is written there.
void KeyIndexReader::answered(const RedisReply& reply, const Read& read) {
  if (over_) return;
  --under_way_;
  if (reply.error() && !reply.error("WRONGTYPE")) {
    over_ = true;
    called_ = {};
    called_.problem = explain(reply.text());
    done_(std::move(called_));
    return;
  }
  read(reply);
  pump();
}

void KeyIndexReader::pump() {
  if (!indexed_ && under_way_ > 0) return;
  indexed_ = true;
  if (under_way_ > MostIndexReads / 2) return;
  const port::StoredNames& names = called_.names;
  while (under_way_ < MostIndexReads) {
    if (next_channel_ < names.channels.size()) {
      ask_channel(names.channels[next_channel_++]);
    } else if (next_peer_ < names.peers.size()) {
      ask_peer(names.peers[next_peer_++]);
    } else {
      break;
    }
  }
  if (under_way_ == 0) finish();
}

void KeyIndexReader::ask_channel(const std::string& name) {
  ask({"HKEYS", keys_.channel(name)}, [this, &name](const RedisReply& reply) {
    for (std::size_t i = 0; i < reply.size(); ++i) {
      const std::string_view field = reply[i].text();
      if (field.substr(0, MemberField.size()) != MemberField) continue;
      called_.names.members.emplace_back(name, field.substr(MemberField.size()));
    }
  });
  ask({"EXISTS", keys_.log(name)}, [this, &name](const RedisReply& reply) {
    if (reply.integer() > 0) called_.names.logs.push_back(name);
  });
}

void KeyIndexReader::ask_peer(const std::string& id) {
  ask({"EXISTS", keys_.mail(id)}, [this, &id](const RedisReply& reply) {
    if (reply.integer() > 0) called_.names.mail.push_back(id);
  });
}

void KeyIndexReader::finish() {
  over_ = true;
  done_(std::move(called_));
}

}  // namespace signaller::persist
