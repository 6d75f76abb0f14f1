#include "persist/redis/loader.hpp"

#include <fmt/format.h>

#include <utility>

#include "persist/format/value_parser.hpp"
#include "persist/redis/explain.hpp"

namespace signaller::persist {
namespace {

/// What the commands under way may cost together. Redis holds all answers that it cannot send yet.
constexpr std::size_t MostLoads = 2'048;

std::optional<std::string> text_of(const RedisReply& reply) {
  if (reply.nil()) return std::nullopt;
  return std::string(reply.text());
}

}  // namespace

Loader::Loader(RedisLink& link, const RedisOptions& options, const Keys& keys, Done done)
    : link_(link), options_(options), keys_(keys), done_(std::move(done)) {}

void Loader::start() {
  ask_header();
  ask_indexes();
}

/// A key of another type is one that is corrupt; everything else concerns all of them.
void Loader::got_error(const std::string& key, const RedisReply& reply) {
  if (reply.error("WRONGTYPE")) {
    warnings_.add(key, "has another type than it should");
  } else {
    fail(explain(reply.text()));
  }
}

void Loader::ask(const Argv& argv, std::size_t cost, Read read) {
  under_way_ += cost;
  link_.send(argv, [this, cost, key = argv[1], read = std::move(read)](const RedisReply& reply) {
    if (over_) return;
    under_way_ -= cost;
    if (reply.error()) {
      got_error(key, reply);
    } else {
      read(key, reply);
    }
    if (!over_) pump();
  });
}

void Loader::ask_header() {
  const auto into = [](std::optional<std::string>& out) {
    return [&out](const std::string&, const RedisReply& reply) { out = text_of(reply); };
  };
  ask({"GET", keys_.schema()}, 1, into(schema_));
  ask({"GET", keys_.key()}, 1, into(fingerprint_));
  ask({"GET", keys_.filled()}, 1, into(filled_));
  ask({"GET", keys_.sealed()}, 1, into(sealed_));
}

void Loader::ask_indexes() {
  using TokenBucket = std::string (Keys::*)(std::string_view) const;
  // What stands in another bucket than its own would be read twice.
  const auto add = [this](std::vector<std::string>& out, TokenBucket own) {
    return [this, &out, own](const std::string& key, const RedisReply& reply) {
      for (std::size_t i = 0; i < reply.size(); ++i) {
        const std::string_view name = reply[i].text();
        if ((keys_.*own)(name) == key) {
          out.emplace_back(name);
        } else {
          warnings_.add(key, fmt::format("'{}' does not belong there", printable(name)));
        }
      }
    };
  };
  for (unsigned i = 0; i < Keys::Buckets; ++i) {
    ask({"SMEMBERS", keys_.peers(i)}, 1, add(peers_, &Keys::peers_of));
    ask({"SMEMBERS", keys_.channels(i)}, 1, add(channels_, &Keys::channels_of));
  }
}

bool Loader::fits() {
  const bool holds_some = !peers_.empty() || !channels_.empty();
  const std::string key = printable(keys_.schema());
  std::uint32_t version = 0;
  if (!schema_ && holds_some) {
    refuse(
        fmt::format("{} is missing, but there are peers or channels below that prefix. If this "
                    "version has written them: SET {} {}",
                    key, key, Schema));
  } else if (schema_ && !read_number(*schema_, version)) {
    refuse(fmt::format("{} is '{}', not a number", key, printable(*schema_)));
  } else if (schema_ && *schema_ != Schema) {
    refuse(fmt::format("{} is {}: written by another version of this server, which knows {} only",
                       key, printable(*schema_), Schema));
  } else if (!options_.key_fingerprint.empty()) {
    check_key(holds_some);
  }
  return !over_;
}

void Loader::check_key(bool holds_some) {
  const std::string key = printable(keys_.key());
  const std::string& file = options_.key_file;
  if (fingerprint_ && *fingerprint_ != options_.key_fingerprint) {
    refuse(fmt::format(
        "{} {}, and without the key with which the secrets in Redis were hashed no peer "
        "could prove who it is. Give the server the key file that belongs to this "
        "Redis, or another prefix",
        options_.key_made ? "there is no file" : "another key is in", file));
  } else if (!fingerprint_ && holds_some && options_.key_made) {
    refuse(
        fmt::format("there is no file {}, but there are peers or channels below that prefix: put "
                    "the key file back with which their secrets were hashed",
                    file));
  } else if (!fingerprint_ && holds_some) {
    refuse(
        fmt::format("{} is missing, or not a text, but there are peers or channels below that "
                    "prefix. If their secrets were hashed with the key in {}: SET {} {}",
                    key, file, key, options_.key_fingerprint));
  }
}

/// Once the indexes have been read.
bool Loader::begin() {
  if (under_way_ > 0 || !fits()) return false;
  begun_ = true;
  loaded_.restored.snapshot.peers.reserve(peers_.size());
  loaded_.restored.snapshot.channels.reserve(channels_.size());
  return true;
}

void Loader::pump() {
  if (!begun_ && !begin()) return;
  // Several at once: each costs a look at the socket.
  if (under_way_ > MostLoads / 2) return;
  while (under_way_ < MostLoads) {
    if (next_peer_ < peers_.size()) {
      ask_peer(peers_[next_peer_++]);
    } else if (next_channel_ < channels_.size()) {
      ask_channel(channels_[next_channel_++]);
    } else if (next_inbox_ < inboxes_.size()) {
      ask_mail(inboxes_[next_inbox_++]);
    } else if (!rest_asked_) {
      ask_rest();
    } else {
      break;
    }
  }
  if (under_way_ == 0) finish();
}

void Loader::refuse(std::string why) {
  loaded_ = {};
  loaded_.restored.error = std::move(why);
  over_ = true;
  done_(std::move(loaded_));
}

void Loader::fail(std::string why) {
  loaded_ = {};
  loaded_.problem = std::move(why);
  over_ = true;
  done_(std::move(loaded_));
}

void Loader::finish() {
  over_ = true;
  loaded_.restored.prefix = options_.prefix;
  loaded_.restored.skipped = warnings_.take();
  loaded_.filled = filled_.value_or("");
  loaded_.restored.snapshot.sealed = sealed_ == "1";
  done_(std::move(loaded_));
}

}  // namespace signaller::persist
