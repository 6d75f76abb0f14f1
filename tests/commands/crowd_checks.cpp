// Compares the clients' knowledge with the world, and received messages with sent ones.
#include <algorithm>
#include <utility>

#include "irc/text/text.hpp"
#include "tests/commands/crowd.hpp"

namespace signaller::tests {
namespace {

std::string content_of(const irc::StoredMessage& message) {
  const std::size_t begin = message.line.find(" :") + 2;
  return message.line.substr(begin, message.line.find(' ', begin) - begin);
}

/// Everything that a client learns when it joins a channel, as one text.
std::string all_of(const KnownChannel& known) {
  std::string all = known.json + ' ' + known.topic;
  for (const auto& [id, rank] : known.members) all += ' ' + id + rank;
  return all;
}

}  // namespace

void Crowd::settle() {
  learn();
  for (Person& person : people_) receive(person);
  auto& clients = edge_.clients();
  for (auto at = clients.begin(); at != clients.end();) {
    const bool in_use = std::any_of(people_.begin(), people_.end(), [&](const Person& person) {
      return person.connection == at->first;
    });
    if (!in_use && !at->second.open && random_.one_in(2)) edge_.go(at->first);
    const bool over = !in_use && !at->second.open && at->second.gone == 0;
    at = over ? clients.erase(at) : std::next(at);
  }
  if (const std::string broken = slash_.world.check(); !broken.empty()) wrong(broken);
  for (Person& person : people_) {
    if (person.connection.empty() || person.deaf || is_busy(person)) {
      person.model.calm(false);
      continue;
    }
    person.model.calm(person.full_list && !is_suppressed());
    if (!person.model.how().empty()) compare(person);
  }
}

/// Notes the messages since the last step, and their numbers.
void Crowd::learn() {
  const auto learn_one = [&](const std::string& where, const irc::StoredMessage& message) {
    const auto [at, added] = said_[where].emplace(content_of(message), message.seq);
    if (!added && at->second != message.seq) wrong(at->first + " was said twice");
    return added;
  };
  for (const auto& [name, channel] : slash_.world.channels()) {
    const std::string where = irc::epoch_text(channel.epoch());
    const irc::MessageLog& log = channel.log();
    for (std::size_t i = log.size(); i > 0 && learn_one(where, *log[i - 1]); --i) continue;
  }
  for (const auto& [id, peer] : slash_.world.peers()) {
    const irc::Inbox* inbox = peer.inbox();
    const std::string where = id.text() + ' ' + irc::epoch_text(peer.inbox_epoch());
    for (std::size_t i = inbox == nullptr ? 0 : inbox->size(); i > 0; --i) {
      if (!learn_one(where, *(*inbox)[i - 1])) break;
    }
  }
}

void Crowd::receive(Person& person) {
  if (person.connection.empty()) return;
  auto& client = edge_.clients().at(person.connection);
  for (const std::string& text : std::exchange(client.received, {})) {
    if (person.deaf || text[0] == '(') continue;
    const ReceivedLine line = take_apart(text);
    if (person.unsure && line.label == person.unsure->label) person.unsure.reset();
    person.model.receive(line);
    if (person.model.errors().empty()) continue;
    wrong(person.connection + ": " + person.model.errors().front());
  }
  if (client.open) {
    const bool keeps = person.secret.empty() && person.model.how() == "new" && random_.one_in(8);
    if (keeps && !person.deaf) person.secret = person.model.secret();
    return;
  }
  note(person.connection + " is gone");
  person.connection.clear();
  person.deaf = person.stalled = false;
}

bool Crowd::is_busy(const Person& person) {
  const auto& client = edge_.clients().at(person.connection);
  const commands::Session* session = slash_.find_session(client.id);
  return session == nullptr || session->is_busy() || session->held_lines ||
         !session->deferred.empty() || !client.unconfirmed.empty();
}

void Crowd::compare(const Person& person) {
  const auto differs = [&](const std::string& what) { wrong(person.connection + ": " + what); };
  const irc::Peer* peer = slash_.world.find(*irc::PeerId::parse(person.id));
  if (peer == nullptr) return differs("it is not there");
  if (peer->connection() != edge_.clients().at(person.connection).id) {
    return differs("it is on another connection");
  }
  if (peer->channels().size() != person.model.channels().size()) {
    return differs("it is in another number of channels");
  }
  for (const irc::Channel* channel : peer->channels()) {
    const auto known = person.model.channels().find(irc::fold(channel->name()));
    if (known == person.model.channels().end()) return differs("is in " + channel->name());
    compare(person, known->second, *channel);
  }
  const auto inbox = position(person.model.inbox().run);
  if (inbox && *inbox != peer->inbox_seq()) {
    differs("model its inbox up to " + std::to_string(*inbox) + " of " +
            std::to_string(peer->inbox_seq()));
  }
}

void Crowd::compare(const Person& person, const KnownChannel& known, const irc::Channel& channel) {
  const auto same = [&](const std::string& what, const std::string& is, const std::string& model) {
    if (is == model) return;
    wrong(person.connection + ": " + channel.name() + ": " + what + " is " + is + ", it model " +
          model);
  };
  same("topic", channel.topic(), known.topic);
  same("title", channel.state().profile.name, known.title);
  same("modes", channel.modes_text(), known.modes_text());
  if (const auto seq = position(known.messages.run)) {
    same("seq", std::to_string(channel.seq()), std::to_string(*seq));
  }
  if (!person.full_list || is_suppressed()) return;
  std::string are;
  std::string model;
  for (const auto& [id, member] : channel.members()) {
    are += std::string(irc::rank_sign(member.rank)) + id.text() + ' ';
    const auto nick = person.model.nicks().find(id.text());
    if (nick == person.model.nicks().end() || id.text() == person.id) continue;
    same("nick of " + id.text(), member.peer->nick(), nick->second);
  }
  for (const auto& [id, rank] : known.members) {
    model += (rank == ' ' ? "" : std::string(1, rank)) + id + ' ';
  }
  same("who is in it", are, model);
}

std::optional<std::uint64_t> Crowd::position(const Run& run) const {
  if (run.after) return *run.after + run.contents.size();
  const auto where = said_.find(run.where);
  if (run.contents.empty() || where == said_.end()) return std::nullopt;
  const auto first = where->second.find(run.contents.front());
  if (first == where->second.end()) return std::nullopt;
  return first->second + run.contents.size() - 1;
}

/// Fails unless the run has every message of its range once, in order.
void Crowd::verify(const Run& run) {
  if (run.contents.empty()) return;
  const auto last = position(run);
  // If a channel or an inbox ended in the same step, nobody could read its log, so the number of
  // its last message is unknown.
  if (!last && run.contents.size() == 1) return;
  if (!last) return wrong(run.contents.front() + " was never said in " + run.where);
  std::uint64_t seq = *last - run.contents.size();
  const auto& numbers = said_[run.where];
  for (const auto& content : run.contents) {
    const auto found = numbers.find(content);
    ++seq;
    // The last message of a sequence that has ended may have no known number.
    if (found == numbers.end() && &content == &run.contents.back()) break;
    if (found == numbers.end() || found->second != seq) {
      return wrong(content + " came as number " + std::to_string(seq) + " of " + run.where +
                   ", but is " + (found == numbers.end() ? "none" : std::to_string(found->second)));
    }
  }
  if (run.must_end && *run.must_end != seq) {
    wrong("what is shown on joining " + run.where + " ends with " + std::to_string(seq) +
          ", not with " + std::to_string(*run.must_end));
  }
}

/// A client that resumes must know exactly as much as a client that joins for the first time.
void Crowd::bring_everybody_back() {
  slash_.options.limits.suspended = people_.size() + 1;  // no suspended session may end early
  Person& probe = people_.emplace_back();
  probe.id = "aaaaaaaaaaaaaaaaaaaaaaaa";
  probe.connection = "probe";
  edge_.connect(probe.connection, "192.0.2.2");
  probe.model.describe("d0", {});
  send(probe, "@label=d0 /descp {id:'" + probe.id + "'}\n/oper root pw");
  std::string joins;
  for (const auto& [name, channel] : slash_.world.channels()) joins += "\n@label=j0 /join " + name;
  send(probe, joins);
  settle();
  for (Person& person : people_) {
    if (person.connection.empty() || person.secret.empty() || person.deaf) continue;
    const irc::Peer* peer = slash_.world.find(*irc::PeerId::parse(person.id));
    if (person.model.how().empty() || peer == nullptr || peer->state().resume_ms == 0) continue;
    edge_.close(person.connection, 1006);
    settle();
    person.connection = "p" + person.id.substr(23) + " at the end";
    edge_.connect(person.connection, "192.0.2.1");
    person.model.describe("d0", {});
    person.full_list = true;
    send(person, "@label=d0 /descp {id:'" + person.id + "',secret:'" + person.secret + "'}");
    settle();
    for (const auto& [folded, known] : person.model.channels()) {
      const auto fresh = probe.model.channels().find(folded);
      if (fresh == probe.model.channels().end()) {
        wrong("a newcomer could not enter " + folded);
      } else if (all_of(fresh->second) != all_of(known)) {
        wrong(person.connection + " learns " + all_of(known) + ", a newcomer " +
              all_of(fresh->second));
      }
    }
  }
}

}  // namespace signaller::tests
