#include "tests/commands/crowd.hpp"

#include <utility>

#include "irc/text/text.hpp"

namespace signaller::tests {
namespace {

constexpr std::size_t People = 7;
/// This many clients choose their secrets. The others own no id until they show the secret that the
/// server issued to them.
constexpr std::size_t WithSecrets = 5;

}  // namespace

commands::Options Crowd::options(Seeded& random) {
  commands::Options options;
  options.limits.cost_rate = 0;
  options.limits.address_rate = 0;
  options.limits.faults = 0;
  options.limits.oper_rate = 0;
  options.operators = {{"root", "pw", {}}};
  if (random.one_in(5)) options.limits.presence = 2;
  if (random.one_in(4)) options.history.messages = 4;
  if (random.one_in(4)) options.limits.inbox = 3;
  if (random.one_in(6)) options.limits.suspended = 2;
  if (random.one_in(6)) options.limits.bans = 2;
  return options;
}

Crowd::Crowd(std::uint64_t seed)
    : random_(seed),
      owned_(make_slash(options(random_), random_, hash_)),
      protocol_(*owned_),
      edge_(protocol_),
      slash_(slash_state_of(protocol_)),
      people_(People) {
  for (std::size_t i = 0; i < People; ++i) {
    people_[i].id = "5f0c3e00000000000000000" + std::to_string(i);
    if (i < WithSecrets) people_[i].secret = "a-secret-of-22-or-more-" + std::to_string(i);
  }
}

void Crowd::note(const std::string& what) {
  done_.push_back(what.size() > 150 ? what.substr(0, 150) + "…" : what);
}

void Crowd::wrong(const std::string& what) {
  if (!fault_.empty()) return;
  fault_ = what;
  const std::size_t first = done_.size() > 60 ? done_.size() - 60 : 0;
  for (std::size_t i = first; i < done_.size(); ++i) fault_ += "\n  " + done_[i];
}

void Crowd::step() {
  Person& person = people_[random_.below(people_.size())];
  if (random_.one_in(4)) advance();
  if (person.connection.empty()) {
    connect(person);
  } else if (person.deaf) {
    if (random_.one_in(3)) lose(person);
  } else if (person.stalled && random_.one_in(3)) {
    person.stalled = false;
    note(person.connection + " drains");
    edge_.drain(person.connection);
  } else if (person.model.how().empty()) {
    random_.one_in(3) ? lose(person) : describe(person);
  } else {
    act(person);
  }
  settle();
}

void Crowd::act(Person& person) {
  const std::size_t what = random_.below(100);
  if (what < 4) {
    note(person.connection + " is deaf");
    person.deaf = true;
  } else if (what < 7) {
    lose(person);
  } else if (what < 9 && !person.secret.empty()) {
    connect(person);  // the client takes over its own session
  } else if (what < 13) {
    person.stalled = true;
    note(person.connection + " stalls");
    edge_.stall(person.connection);
  } else if (what < 14) {
    note(person.connection + " closes");
    edge_.close(person.connection, 1000);
  } else if (person.unsure && !person.stalled) {
    // A stalled client gets its ACK late: the channel may have ended by then.
    retry(person);
  } else {
    std::string frame = command(person);
    if (random_.one_in(4)) frame += '\n' + command(person);
    send(person, frame);
  }
}

void Crowd::send(Person& person, const std::string& frame) {
  note(person.connection + "> " + frame);
  edge_.send(person.connection, frame);
}

void Crowd::advance() {
  constexpr std::int64_t Minute = 60'000;
  std::int64_t ms = static_cast<std::int64_t>(random_.below(500));
  if (random_.one_in(12)) ms = Minute + 1'000;
  if (random_.one_in(60)) ms = 11 * Minute;
  note("+" + std::to_string(ms) + "ms");
  now_ms_ += ms;
  edge_.advance(ms);
}

void Crowd::connect(Person& person) {
  const std::string older = person.connection;
  if (!older.empty() && random_.one_in(2)) edge_.linger(older);
  person.connection = "p" + person.id.substr(23) + '.' + std::to_string(++connections_);
  person.deaf = person.stalled = false;
  note(person.connection + " connects");
  edge_.connect(person.connection, "192.0.2.1");
  if (random_.one_in(8)) {
    person.stalled = true;
    note(person.connection + " stalls");
    edge_.stall(person.connection);
  }
  describe(person);
}

void Crowd::describe(Person& person) {
  std::string caps;
  const auto cap = [&](const char* name, std::size_t one_in) {
    if (!random_.one_in(one_in)) return false;
    caps += (caps.empty() ? "\"" : ",\"") + std::string(name) + '"';
    return true;
  };
  cap("tags", 2);
  cap("echo", 3);
  const bool quiet = cap("no-presence", 10);
  person.full_list = !cap("no-names", 10) && !quiet;
  std::string json = "{id:'" + person.id + "',caps:[" + caps + ']';
  if (!person.secret.empty()) json += ",secret:'" + person.secret + '\'';
  if (random_.one_in(10)) json += ",resume:" + std::to_string(random_.below(100));
  std::set<std::string> asked;
  if (!random_.one_in(3)) json += ",since:" + since(person, asked);
  const std::string name = label('d');
  person.model.describe(name, asked);
  send(person, "@label=" + name + " /descp " + json + '}');
}

/// The value of `since`: the client's last positions, in all its sequences or in some of them.
std::string Crowd::since(const Person& person, std::set<std::string>& asked) {
  std::string json;
  const auto ask = [&](const std::string& folded, const std::string& name, const Followed& at) {
    const auto seq = position(at.run);
    if (!seq || random_.one_in(8)) return;
    asked.insert(folded);
    const std::string epoch = random_.one_in(20) ? "0badcafe" : at.epoch;
    json += ",\"" + name + "\":\"" + epoch + ':' + std::to_string(*seq) + '"';
  };
  for (const auto& [folded, known] : person.model.channels())
    ask(folded, known.name, known.messages);
  ask("*", "*", person.model.inbox());
  if (random_.one_in(10)) json += ",\"#nope\":\"00000000:0\"";
  return '{' + json.substr(json.empty() ? 0 : 1) + '}';
}

void Crowd::lose(Person& person) {
  note(person.connection + " is lost");
  if (random_.one_in(4)) edge_.linger(person.connection);
  edge_.close(person.connection, 1006);
}

std::string Crowd::epoch_of(const Person& person, const std::string& channel) {
  const auto known = person.model.channels().find(irc::fold(channel));
  return known == person.model.channels().end() ? std::string() : known->second.messages.epoch;
}

/// Sends the same line with the same label again: the server must not deliver it twice.
void Crowd::retry(Person& person) {
  const Person::Unsure unsure = *std::exchange(person.unsure, std::nullopt);
  constexpr std::int64_t Remembered = 600'000;
  if (person.model.how() != "resumed" || now_ms_ - unsure.ms >= Remembered) return;
  // If the channel has ended and was created again, the ACK would not tell which of the two
  // channels has the message.
  if (!unsure.epoch.empty() && epoch_of(person, unsure.channel) != unsure.epoch) return;
  person.model.expect_ack(unsure.label, unsure.channel, unsure.content);
  send(person, unsure.line);
}

void Crowd::end() {
  for (Person& person : people_) {
    if (person.connection.empty()) continue;
    person.stalled = false;
    edge_.drain(person.connection);
  }
  settle();
  bring_everybody_back();
  for (Person& person : people_) {
    person.model.finish();
    for (const Run& run : person.model.runs()) verify(run);
  }
  if (!edge_.faults().empty()) wrong(edge_.faults().front());
}

}  // namespace signaller::tests
