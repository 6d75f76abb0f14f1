// Queries of the loader, and the functions that read the replies.
#include <utility>

#include "persist/format/decode.hpp"
#include "persist/format/record_fields.hpp"
#include "persist/redis/loader.hpp"

namespace signaller::persist {
namespace {

constexpr std::size_t HashCost = 1;
constexpr std::size_t ChannelCost = 8;  // the reply holds all members of the channel
constexpr std::size_t LogCost = 16;     // a stream that this server wrote has at most 1 MiB

}  // namespace

/// Names and values in alternation, as in the reply to HGETALL and in stream entries.
const Pairs& Loader::pairs_of(const RedisReply& hash) {
  pairs_.clear();
  for (std::size_t i = 0; i + 1 < hash.size(); i += 2) {
    pairs_.emplace_back(hash[i].text(), hash[i + 1].text());
  }
  return pairs_;
}

/// Calls `each` with the id and the fields of each entry in a reply to XRANGE.
template <class Each>
void Loader::for_each_entry(const RedisReply& reply, const std::string& key, const Each& each) {
  const DecodeContext context{key, warnings_};
  for (std::size_t i = 0; i < reply.size(); ++i) {
    const RedisReply entry = reply[i];
    if (entry.size() == 2) each(entry[0].text(), pairs_of(entry[1]), context);
  }
}

void Loader::query_peer(const std::string& id) {
  query({"HGETALL", keys_.peer(id)}, HashCost,
        [this, &id](const std::string& key, const RedisReply& reply) { on_peer(id, key, reply); });
}

void Loader::on_peer(const std::string& id, const std::string& key, const RedisReply& reply) {
  auto peer = decode_peer(id, pairs_of(reply), {key, warnings_});
  if (!peer) return;
  if (!peer->inbox_epoch.empty()) inboxes_.push_back(id);
  loaded_.restored.snapshot.peers.push_back(std::move(*peer));
}

void Loader::query_mail(const std::string& id) {
  query({"XRANGE", keys_.mail(id), "-", "+"}, LogCost,
        [this, id](const std::string& key, const RedisReply& reply) {
          for_each_entry(
              reply, key, [&](auto entry, const Pairs& fields, const DecodeContext& context) {
                auto message = decode_message(entry, fields, context);
                if (!message) return;
                const bool handed = fields.size() > 1 && fields[1].first == HandedField;
                loaded_.restored.snapshot.mail.push_back({id, 0, handed, std::move(*message)});
              });
        });
}

/// Queries a channel, then its standings, then its log. Replies come in this order; if the channel
/// is invalid, its standings and log are ignored.
void Loader::query_channel(const std::string& name) {
  query({"HGETALL", keys_.channel(name)}, ChannelCost,
        [this, &name](const std::string& key, const RedisReply& reply) {
          on_channel(name, key, reply);
        });
  query({"HGETALL", keys_.standing(name)}, HashCost,
        [this, &name](const std::string& key, const RedisReply& reply) {
          if (!is_current(name)) return;
          decode_standings(pairs_of(reply), loaded_.restored.snapshot.channels.back(),
                           {key, warnings_});
        });
  query({"XRANGE", keys_.log(name), "-", "+"}, LogCost,
        [this, &name](const std::string& key, const RedisReply& reply) {
          if (!is_current(name)) return;
          for_each_entry(
              reply, key, [&](auto entry, const Pairs& fields, const DecodeContext& context) {
                auto message = decode_message(entry, fields, context);
                if (!message) return;
                loaded_.restored.snapshot.messages.push_back({name, 0, std::move(*message)});
              });
        });
}

void Loader::on_channel(const std::string& name, const std::string& key, const RedisReply& reply) {
  port::Snapshot& snapshot = loaded_.restored.snapshot;
  auto channel = decode_channel(name, pairs_of(reply), snapshot.members, {key, warnings_});
  current_channel_ = channel ? name : std::string();
  if (channel) snapshot.channels.push_back(std::move(*channel));
}

/// True if `channel` was the last channel to be read, and was valid.
bool Loader::is_current(const std::string& channel) const {
  return !current_channel_.empty() && current_channel_ == channel;
}

void Loader::query_bans_and_audit() {
  bans_and_audit_queried_ = true;
  query({"HGETALL", keys_.bans()}, ChannelCost,
        [this](const std::string& key, const RedisReply& reply) {
          decode_bans(pairs_of(reply), loaded_.restored.snapshot.bans, {key, warnings_});
        });
  query({"XRANGE", keys_.audit(), "-", "+"}, LogCost,
        [this](const std::string& key, const RedisReply& reply) {
          for_each_entry(reply, key,
                         [&](auto entry, const Pairs& fields, const DecodeContext& context) {
                           auto record = decode_audit(entry, fields, context);
                           if (record)
                             loaded_.restored.snapshot.audit.push_back(std::move(*record));
                         });
        });
}

}  // namespace signaller::persist
