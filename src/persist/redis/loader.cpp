#include "persist/redis/loader.hpp"

#include <fmt/format.h>

#include <utility>

#include "persist/format/value_parser.hpp"
#include "persist/redis/explain.hpp"

namespace signaller::persist {
namespace {

/// Maximum cost of pending commands. Redis buffers all replies that it cannot send yet.
constexpr std::size_t MaxLoadCost = 2'048;

std::optional<std::string> text_of(const RedisReply& reply) {
  if (reply.nil()) return std::nullopt;
  return std::string(reply.text());
}

}  // namespace

Loader::Loader(RedisLink& link, const RedisOptions& options, const Keys& keys, Done done)
    : link_(link), options_(options), keys_(keys), done_(std::move(done)) {}

void Loader::start() {
  query_header();
  query_indexes();
}

/// Skips a key of the wrong type. Any other error fails the load.
void Loader::on_error(const std::string& key, const RedisReply& reply) {
  if (reply.error("WRONGTYPE")) {
    warnings_.add(key, "has the wrong type");
  } else {
    fail(explain(reply.text()));
  }
}

void Loader::query(const Argv& argv, std::size_t cost, Read read) {
  pending_cost_ += cost;
  link_.send(argv, [this, cost, key = argv[1], read = std::move(read)](const RedisReply& reply) {
    if (finished_) return;
    pending_cost_ -= cost;
    if (reply.error()) {
      on_error(key, reply);
    } else {
      read(key, reply);
    }
    if (!finished_) send_more();
  });
}

void Loader::query_header() {
  const auto into = [](std::optional<std::string>& out) {
    return [&out](const std::string&, const RedisReply& reply) { out = text_of(reply); };
  };
  query({"GET", keys_.schema()}, 1, into(schema_));
  query({"GET", keys_.key()}, 1, into(fingerprint_));
  query({"GET", keys_.filled()}, 1, into(filled_));
  query({"GET", keys_.sealed()}, 1, into(sealed_));
}

void Loader::query_indexes() {
  using BucketKey = std::string (Keys::*)(std::string_view) const;
  // Skips a name in the wrong index set: the right set may list the name, too, and its record would
  // be read twice.
  const auto add = [this](std::vector<std::string>& out, BucketKey bucket_key) {
    return [this, &out, bucket_key](const std::string& key, const RedisReply& reply) {
      for (std::size_t i = 0; i < reply.size(); ++i) {
        const std::string_view name = reply[i].text();
        if ((keys_.*bucket_key)(name) == key) {
          out.emplace_back(name);
        } else {
          warnings_.add(key, fmt::format("'{}' is in the wrong index set", printable(name)));
        }
      }
    };
  };
  for (unsigned i = 0; i < Keys::Buckets; ++i) {
    query({"SMEMBERS", keys_.peers(i)}, 1, add(peers_, &Keys::peers_of));
    query({"SMEMBERS", keys_.channels(i)}, 1, add(channels_, &Keys::channels_of));
  }
}

bool Loader::is_compatible() {
  const bool has_records = !peers_.empty() || !channels_.empty();
  const std::string key = printable(keys_.schema());
  std::uint32_t version = 0;
  if (!schema_ && has_records) {
    refuse(
        fmt::format("{} is missing, but peers or channels exist under this prefix. If this version "
                    "of the server wrote them, run: SET {} {}",
                    key, key, Schema));
  } else if (schema_ && !read_number(*schema_, version)) {
    refuse(fmt::format("{} is '{}', but must be a number", key, printable(*schema_)));
  } else if (schema_ && *schema_ != Schema) {
    refuse(
        fmt::format("{} is {}: the data was written by another version of this server; this "
                    "version reads only {}",
                    key, printable(*schema_), Schema));
  } else if (!options_.key_fingerprint.empty()) {
    check_key(has_records);
  }
  return !finished_;
}

void Loader::check_key(bool has_records) {
  const std::string key = printable(keys_.key());
  const std::string& file = options_.key_file;
  if (fingerprint_ && *fingerprint_ != options_.key_fingerprint) {
    refuse(fmt::format(
        "{}. Without the key that hashed the secrets in Redis no peer could authenticate. "
        "Configure the key file that belongs to this Redis (secret_key_file), or another prefix "
        "(store_prefix)",
        options_.key_is_new ? fmt::format("key file {} does not exist", file)
                            : fmt::format("key file {} holds another key", file)));
  } else if (!fingerprint_ && has_records && options_.key_is_new) {
    refuse(
        fmt::format("key file {} does not exist, but peers or channels exist under this prefix: "
                    "restore the file with the key that hashed their secrets",
                    file));
  } else if (!fingerprint_ && has_records) {
    refuse(
        fmt::format("{} is missing or not a string, but peers or channels exist under this prefix. "
                    "If the secret key in the file {} hashed their secrets, run: SET {} {}",
                    key, file, key, options_.key_fingerprint));
  }
}

/// Begins to load the records once all index sets have been read.
bool Loader::begin_records() {
  if (pending_cost_ > 0 || !is_compatible()) return false;
  records_begun_ = true;
  loaded_.restored.snapshot.peers.reserve(peers_.size());
  loaded_.restored.snapshot.channels.reserve(channels_.size());
  return true;
}

void Loader::send_more() {
  if (!records_begun_ && !begin_records()) return;
  // Waits until many commands can be sent at once, because each send costs a system call.
  if (pending_cost_ > MaxLoadCost / 2) return;
  while (pending_cost_ < MaxLoadCost) {
    if (next_peer_ < peers_.size()) {
      query_peer(peers_[next_peer_++]);
    } else if (next_channel_ < channels_.size()) {
      query_channel(channels_[next_channel_++]);
    } else if (next_inbox_ < inboxes_.size()) {
      query_mail(inboxes_[next_inbox_++]);
    } else if (!bans_and_audit_queried_) {
      query_bans_and_audit();
    } else {
      break;
    }
  }
  if (pending_cost_ == 0) finish();
}

void Loader::refuse(std::string why) {
  loaded_ = {};
  loaded_.restored.error = std::move(why);
  finished_ = true;
  done_(std::move(loaded_));
}

void Loader::fail(std::string why) {
  loaded_ = {};
  loaded_.problem = std::move(why);
  finished_ = true;
  done_(std::move(loaded_));
}

void Loader::finish() {
  finished_ = true;
  loaded_.restored.prefix = options_.prefix;
  loaded_.restored.skipped = warnings_.take();
  loaded_.filled = filled_.value_or("");
  loaded_.restored.snapshot.sealed = sealed_ == "1";
  done_(std::move(loaded_));
}

}  // namespace signaller::persist
