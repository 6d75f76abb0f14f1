#include "persist/format/encode.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <variant>

#include "persist/format/packed_message.hpp"
#include "persist/format/percent_encoding.hpp"
#include "persist/format/record_fields.hpp"

namespace signaller::persist {
namespace {

std::string ban_text(const port::BanRecord& ban) {
  return fmt::format("{} {} {} {}", percent_encode(ban.by), ban.set_ms, ban.until_ms, ban.reason);
}

std::string field_name(std::string_view kind, const std::string& peer) {
  return std::string(kind) += peer;
}

/// The id of a stream entry: the number of the message or audit entry, and 0 as second part.
std::string entry_id(std::uint64_t number) {
  return std::to_string(number) + "-0";
}

class Encoder {
 public:
  Encoder(const Keys& keys, std::vector<Argv>& out) : keys_(keys), out_(out) {}

  void operator()(const port::PeerRecord& record) {
    const std::string key = keys_.peer(record.id);
    out_.push_back({"DEL", key});
    if (record.fresh) out_.back().push_back(keys_.mail(record.id));
    Argv set{"HSET", key};
    std::string value;
    for (const auto& field : PeerFields) {
      // `updated_ms` is always written: Redis deletes a hash without fields.
      if (!field.write(record, value) && field.name != "updated_ms") continue;
      set.emplace_back(field.name);
      set.push_back(value);
    }
    out_.push_back(std::move(set));
    out_.push_back({"SADD", keys_.peers_of(record.id), record.id});
  }

  void operator()(const port::ChannelRecord& record) {
    const std::string name = folded(record.name);
    if (record.fresh) out_.push_back({"DEL", keys_.channel(name), keys_.log(name)});
    Argv set{"HSET", keys_.channel(name)};
    std::string value;
    for (const auto& field : ChannelFields) {
      field.write(record, value);
      set.emplace_back(field.name);
      set.push_back(value);
    }
    out_.push_back(std::move(set));
    add_standings(record, keys_.standing(name));
    out_.push_back({"SADD", keys_.channels_of(name), name});
  }

  void operator()(const port::MemberRecord& record) {
    out_.push_back(
        {"HSET", keys_.channel(record.channel), field_name(MemberField, record.peer), record.rank});
  }
  void operator()(const port::MessageRecord& record) {
    add_message(keys_.log(record.channel), record.first, record.message);
  }
  void operator()(const port::MailRecord& record) {
    add_message(keys_.mail(record.peer), record.first, record.message);
    if (record.handed) out_.back().insert(out_.back().end(), {std::string(HandedField), "1"});
  }
  void operator()(const port::Sealed& /*one*/) { out_.push_back({"SET", keys_.sealed(), "1"}); }
  void operator()(const port::BanRecord& record) {
    out_.push_back({"HSET", keys_.bans(), record.whom, ban_text(record)});
  }

  void operator()(const port::AuditRecord& record) {
    Argv add{"XADD", keys_.audit(), "MAXLEN", std::to_string(AuditEntries), entry_id(record.id)};
    std::string value;
    for (const auto& field : AuditFields) {
      field.write(record, value);
      add.emplace_back(field.name);
      add.push_back(value);
    }
    out_.push_back(std::move(add));
  }

  void operator()(const port::LogGone& gone) { out_.push_back({"DEL", keys_.log(gone.channel)}); }
  void operator()(const port::MailGone& gone) { out_.push_back({"DEL", keys_.mail(gone.peer)}); }
  void operator()(const port::PeerGone& gone) {
    out_.push_back({"DEL", keys_.peer(gone.id), keys_.mail(gone.id)});
    out_.push_back({"SREM", keys_.peers_of(gone.id), gone.id});
  }
  void operator()(const port::ChannelGone& gone) {
    const std::string& name = gone.channel;
    out_.push_back({"DEL", keys_.channel(name), keys_.standing(name), keys_.log(name)});
    out_.push_back({"SREM", keys_.channels_of(name), name});
  }
  void operator()(const port::MemberGone& gone) {
    out_.push_back({"HDEL", keys_.channel(gone.channel), field_name(MemberField, gone.peer)});
  }
  void operator()(const port::ServerBanGone& gone) {
    out_.push_back({"HDEL", keys_.bans(), gone.whom});
  }

 private:
  void add_standings(const port::ChannelRecord& record, const std::string& key) {
    out_.push_back({"DEL", key});
    Argv set{"HSET", key};
    const auto put = [&set](std::string_view kind, const std::string& peer, std::string value) {
      set.push_back(field_name(kind, peer));
      set.push_back(std::move(value));
    };
    for (const auto& it : record.ranks) {
      put(RankField, it.peer, fmt::format("{} {}", it.rank, it.owner_generation));
    }
    for (const auto& it : record.mutes) put(MuteField, it.peer, std::to_string(it.until_ms));
    for (const auto& it : record.invites) {
      put(InviteField, it.peer, fmt::format("{} {}", it.owner_generation, it.until_ms));
    }
    for (const auto& it : record.bans) put(BanField, it.whom, ban_text(it));
    if (set.size() > 2) out_.push_back(std::move(set));
  }

  /// Adds a message. Deletes the stream before the lowest message of a log: the stream may hold
  /// entries of other data with higher ids, and XADD of a lower id would fail.
  void add_message(std::string key, std::uint64_t first, const port::KeptMessage& message) {
    if (message.seq == first) out_.push_back({"DEL", key});
    out_.push_back({"XADD", std::move(key), "MINID", entry_id(first), entry_id(message.seq),
                    std::string(PackedField), pack(message)});
  }

  const Keys& keys_;
  std::vector<Argv>& out_;
};

}  // namespace

void encode(const port::Record& record, const Keys& keys, std::vector<Argv>& out) {
  std::visit(Encoder(keys, out), record);
}

}  // namespace signaller::persist
