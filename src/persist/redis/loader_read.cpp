// What the loader asks for, and how it reads the answers.
#include <utility>

#include "persist/format/decode.hpp"
#include "persist/format/record_fields.hpp"
#include "persist/redis/loader.hpp"

namespace signaller::persist {
namespace {

constexpr std::size_t HashCost = 1;
constexpr std::size_t ChannelCost = 8;  // its members may be many
constexpr std::size_t LogCost = 16;     // a megabyte at worst, if this server wrote it

}  // namespace

/// Names and values in turns, as HGETALL and the entries of a stream have them.
const Pairs& Loader::pairs_of(const RedisReply& hash) {
  pairs_.clear();
  for (std::size_t i = 0; i + 1 < hash.size(); i += 2) {
    pairs_.emplace_back(hash[i].text(), hash[i + 1].text());
  }
  return pairs_;
}

/// The reply to XRANGE: of each entry its id and its fields.
template <class Each>
void Loader::each_entry(const RedisReply& reply, const std::string& key, const Each& each) {
  const Place place{key, warnings_};
  for (std::size_t i = 0; i < reply.size(); ++i) {
    const RedisReply entry = reply[i];
    if (entry.size() == 2) each(entry[0].text(), pairs_of(entry[1]), place);
  }
}

void Loader::ask_peer(const std::string& id) {
  ask({"HGETALL", keys_.peer(id)}, HashCost,
      [this, &id](const std::string& key, const RedisReply& reply) { on_peer(id, key, reply); });
}

void Loader::on_peer(const std::string& id, const std::string& key, const RedisReply& reply) {
  auto peer = decode_peer(id, pairs_of(reply), {key, warnings_});
  if (!peer) return;
  if (!peer->inbox_epoch.empty()) inboxes_.push_back(id);
  loaded_.restored.snapshot.peers.push_back(std::move(*peer));
}

void Loader::ask_mail(const std::string& id) {
  ask({"XRANGE", keys_.mail(id), "-", "+"}, LogCost,
      [this, id](const std::string& key, const RedisReply& reply) {
        each_entry(reply, key, [&](auto entry, const Pairs& fields, const Place& place) {
          auto message = decode_message(entry, fields, place);
          if (!message) return;
          const bool handed = fields.size() > 1 && fields[1].first == HandedField;
          loaded_.restored.snapshot.mail.push_back({id, 0, handed, std::move(*message)});
        });
      });
}

/// The answers come in this order: a channel that is not good takes the rest of it along.
void Loader::ask_channel(const std::string& name) {
  ask({"HGETALL", keys_.channel(name)}, ChannelCost,
      [this, &name](const std::string& key, const RedisReply& reply) {
        on_channel(name, key, reply);
      });
  ask({"HGETALL", keys_.standing(name)}, HashCost,
      [this, &name](const std::string& key, const RedisReply& reply) {
        if (!knows(name)) return;
        decode_standings(pairs_of(reply), loaded_.restored.snapshot.channels.back(),
                         {key, warnings_});
      });
  ask({"XRANGE", keys_.log(name), "-", "+"}, LogCost,
      [this, &name](const std::string& key, const RedisReply& reply) {
        if (!knows(name)) return;
        each_entry(reply, key, [&](auto entry, const Pairs& fields, const Place& place) {
          auto message = decode_message(entry, fields, place);
          if (!message) return;
          loaded_.restored.snapshot.messages.push_back({name, 0, std::move(*message)});
        });
      });
}

void Loader::on_channel(const std::string& name, const std::string& key, const RedisReply& reply) {
  port::Snapshot& snapshot = loaded_.restored.snapshot;
  auto channel = decode_channel(name, pairs_of(reply), snapshot.members, {key, warnings_});
  channel_ = channel ? name : std::string();
  if (channel) snapshot.channels.push_back(std::move(*channel));
}

/// Whether the last channel that was read is this one, and good. (None has an empty name.)
bool Loader::knows(const std::string& channel) const {
  return !channel_.empty() && channel_ == channel;
}

void Loader::ask_rest() {
  rest_asked_ = true;
  ask({"HGETALL", keys_.bans()}, ChannelCost,
      [this](const std::string& key, const RedisReply& reply) {
        decode_bans(pairs_of(reply), loaded_.restored.snapshot.bans, {key, warnings_});
      });
  ask({"XRANGE", keys_.audit(), "-", "+"}, LogCost,
      [this](const std::string& key, const RedisReply& reply) {
        each_entry(reply, key, [&](auto entry, const Pairs& fields, const Place& place) {
          auto record = decode_audit(entry, fields, place);
          if (record) loaded_.restored.snapshot.audit.push_back(std::move(*record));
        });
      });
}

}  // namespace signaller::persist
