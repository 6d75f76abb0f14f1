// Values in Redis: no value crashes the decoders. A value that they accept is the same after it was
// written and read again. Every other value gives one printable line for the log.
// Input: the first byte chooses the kind. For a hash or a stream entry: its id, then names and
// values in turn, separated by line feeds. For the other kinds (packed message, word, URL, lease,
// key, error): the text.
#include <algorithm>
#include <variant>

#include "irc/world_loader.hpp"
#include "persist/format/decode.hpp"
#include "persist/format/encode.hpp"
#include "persist/format/known_key.hpp"
#include "persist/format/packed_message.hpp"
#include "persist/format/percent_encoding.hpp"
#include "persist/redis/explain.hpp"
#include "persist/redis/lease.hpp"
#include "persist/redis/redis_url.hpp"
#include "port/url.hpp"
#include "tests/fuzz/must.hpp"
#include "tests/seeded.hpp"

namespace {

using namespace signaller::fuzz;
using namespace signaller::persist;
namespace port = signaller::port;

const Keys keys("p:");

std::string_view take_part(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

Pairs pairs_of(std::string_view rest) {
  Pairs pairs;
  while (!rest.empty()) {
    const std::string_view name = take_part(rest);
    pairs.emplace_back(name, take_part(rest));
  }
  return pairs;
}

void must_be_printable(std::string_view line) {
  const auto plain = [](char c) { return c >= ' ' && c <= '~'; };
  must(std::all_of(line.begin(), line.end(), plain), "printable ASCII");
}

void must_be_printable(LoadWarnings& warnings) {
  for (const auto& line : warnings.take()) must_be_printable(line);
}

std::vector<Argv> commands_of(const port::Record& record) {
  std::vector<Argv> commands;
  encode(record, keys, commands);
  return commands;
}

/// The fields and values that a Redis command writes, from the word `from` on.
Pairs written(const std::vector<Argv>& commands, std::string_view key, std::size_t from = 2) {
  Pairs pairs;
  for (const Argv& argv : commands) {
    const bool writes = argv[0] == "HSET" || argv[0] == "XADD";
    for (std::size_t i = from; writes && argv[1] == key && i + 1 < argv.size(); i += 2) {
      pairs.emplace_back(argv[i], argv[i + 1]);
    }
  }
  return pairs;
}

const char* const Id = "5f0c3e000000000000000001";

/// A valid channel with a valid member.
port::Snapshot good_snapshot() {
  port::PeerRecord peer;
  peer.id = Id;
  peer.secret = std::string(64, '0');
  peer.owner_generation = 1;
  peer.here = true;
  peer.inbox_epoch = "00000001";
  peer.inbox_seq = 1'000;
  port::ChannelRecord channel;
  channel.name = "#x";
  channel.creator = Id;
  channel.epoch = "00000001";
  channel.seq = 1'000;
  channel.modes = "+";
  port::Snapshot all;
  all.peers.push_back(std::move(peer));
  all.channels.push_back(std::move(channel));
  all.members.push_back({"#x", Id, "@"});
  return all;
}

/// Loads the records into a world and checks its invariants.
void restore(port::Snapshot all) {
  signaller::tests::Seeded random(1);
  signaller::port::TopicNumbers numbers;
  signaller::irc::World world{numbers};
  signaller::irc::WorldLoader loader(world, random, {1'700'000'000'000, 1'000'000}, 600'000);
  loader.take(std::move(all));
  must(world.check().empty(), "what is restored fits together");
  for (const auto& line : loader.problems()) must_be_printable(line);
}

void check_peer(std::string_view id, const Pairs& pairs, const DecodeContext& context) {
  const auto peer = decode_peer(id, pairs, context);
  if (!peer) return;
  port::Snapshot all = good_snapshot();
  all.peers.push_back(*peer);
  restore(std::move(all));
  const auto commands = commands_of(*peer);
  const auto again = decode_peer(id, written(commands, keys.peer(id)), context);
  must(again && commands_of(*again) == commands, "a peer reads back");
}

void check_channel(std::string_view name, const Pairs& pairs, const DecodeContext& context) {
  std::vector<port::MemberRecord> members;
  auto channel = decode_channel(name, pairs, members, context);
  must(channel || members.empty(), "members go with their channel");
  if (!channel) return;
  decode_standings(pairs, *channel, context);
  port::Snapshot all = good_snapshot();
  all.channels.push_back(*channel);
  all.members.insert(all.members.end(), members.begin(), members.end());
  restore(std::move(all));
  const auto commands = commands_of(*channel);
  auto again = decode_channel(name, written(commands, keys.channel(name)), members, context);
  must(again.has_value(), "a channel reads back");
  decode_standings(written(commands, keys.standing(name)), *again, context);
  must(commands_of(*again) == commands, "a channel reads back as the same");
}

void check_bans(const Pairs& pairs, const DecodeContext& context) {
  std::vector<port::BanRecord> bans;
  decode_bans(pairs, bans, context);
  must(bans.size() <= pairs.size(), "a ban for each field");
  port::Snapshot all = good_snapshot();
  all.bans = bans;
  restore(std::move(all));
  for (const auto& ban : bans) {
    std::vector<port::BanRecord> again;
    const auto commands = commands_of(ban);
    decode_bans(written(commands, keys.bans()), again, context);
    must(again.size() == 1 && commands_of(again[0]) == commands, "a ban reads back");
  }
}

void check_audit(std::string_view id, const Pairs& pairs, const DecodeContext& context) {
  const auto record = decode_audit(id, pairs, context);
  if (!record) return;
  const auto commands = commands_of(*record);
  const auto again = decode_audit(id, written(commands, keys.audit(), 5), context);
  must(again && again->id == record->id && commands_of(*again) == commands,
       "an audit entry reads back");
}

void check_packed(std::string_view packed) {
  port::KeptMessage message;
  if (!unpack(packed, message)) return;
  port::KeptMessage again;
  const std::string text = pack(message);
  must(unpack(text, again) && pack(again) == text, "a message reads back");
  must(again.line == message.line && again.name == message.name && again.label == message.label &&
           again.msgid == message.msgid && again.from == message.from,
       "a message reads back as the same");
  must(message.line.size() + message.name.size() + message.label.size() <= packed.size(),
       "nothing is invented");
}

/// An entry of a log or an inbox.
void check_entry(std::string_view id, const Pairs& pairs, const DecodeContext& context) {
  const auto message = decode_message(id, pairs, context);
  if (!message) return;
  port::Snapshot all = good_snapshot();
  all.messages.push_back({"#x", 0, *message});
  all.mail.push_back({Id, 0, false, *message});
  restore(std::move(all));
  const port::MailRecord mail{"5f", 0, pairs.size() == 2, *message};
  const auto commands = commands_of(mail);
  must(commands.size() == 1, "a message above the first is one command");
  const auto fields = written(commands, keys.mail("5f"), 5);
  const auto again = decode_message(commands[0][4], fields, context);
  must(again && again->seq == message->seq && pack(*again) == pack(*message),
       "an entry reads back");
  must(fields.size() == pairs.size(), "whether it was handed out reads back");
}

void check_word(std::string_view text) {
  const std::string word = percent_encode(text);
  must_be_printable(word);
  must(word.find(' ') == std::string::npos, "a word has no space");
  must(port::percent_decode(word) == text, "any text reads back");
  if (const auto read = port::percent_decode(text))
    must(port::percent_decode(percent_encode(*read)) == read, "a word likewise");
}

void check_url(std::string_view text) {
  const auto parsed = parse_redis_url(text);
  must(parsed.url.has_value() == parsed.fault.empty(), "a URL or a fault");
  must_be_printable(parsed.fault);
  if (!parsed.url) return;
  must(parsed.url->host.empty() != parsed.url->path.empty(), "a host or a path");
  must(parsed.url->port != 0 && parsed.url->db <= 65'535, "numbers within bounds");
}

void check_lease(std::string_view token) {
  must_be_printable(shown_holder(token));
  const auto holder = parse_holder(token);
  if (!holder) return;
  const auto again = parse_holder(holder->text());
  must(again && again->text() == holder->text(), "a lease reads back");
}

/// Checks that a key which parse_key() accepts is the key of a record with that kind and name.
void check_key(std::string_view key) {
  const auto known = parse_key("p:", key);
  if (!known) return;
  const std::string_view name = known->name;
  switch (known->kind) {
    case KeyKind::Peer:
      return must(keys.peer(name) == key, "the key of a peer");
    case KeyKind::Mail:
      return must(keys.mail(name) == key, "the key of an inbox");
    case KeyKind::Channel:
      return must(keys.channel(name) == key, "the key of a channel");
    case KeyKind::Standing:
      return must(keys.standing(name) == key, "the key of standings");
    case KeyKind::Log:
      return must(keys.log(name) == key, "the key of a log");
    default:
      must(key.size() > 2 && key.substr(key.size() - name.size()) == name, "a key and its name");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view rest = text_of(data, size).substr(1);
  LoadWarnings warnings;
  const DecodeContext context{"p:some\nkey", warnings};
  switch (data[0]) {
    case 'm':
      check_packed(rest);
      break;
    case 'w':
      check_word(rest);
      break;
    case 'u':
      check_url(rest);
      break;
    case 'l':
      check_lease(rest);
      break;
    case 'k':
      check_key(rest);
      break;
    case 'e':
      must_be_printable(explain(rest));
      break;
    default: {
      const std::string_view id = take_part(rest);
      const Pairs pairs = pairs_of(rest);
      if (data[0] == 'p') check_peer(id, pairs, context);
      if (data[0] == 'c') check_channel(id, pairs, context);
      if (data[0] == 'b') check_bans(pairs, context);
      if (data[0] == 'a') check_audit(id, pairs, context);
      if (data[0] == 's') check_entry(id, pairs, context);
    }
  }
  must_be_printable(warnings);
  return 0;
}
