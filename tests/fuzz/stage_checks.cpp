// Checks of the world, the sessions and the fake edge after each step of a script.
#include <algorithm>
#include <set>

#include "irc/text/text.hpp"
#include "tests/fuzz/must.hpp"
#include "tests/fuzz/plain_text.hpp"
#include "tests/fuzz/stage.hpp"
#include "tests/transcript/record_lines.hpp"

namespace signaller::fuzz {

/// Returns a maximum for the length of the server's lines: a line repeats at most one line of a
/// client and the descriptions of peers and of a channel.
std::size_t Stage::longest_line() const {
  constexpr std::size_t Frame = 1'024;  // source, verb, ids, numbers, and the text of a reply
  // The largest number of bytes for one byte, escaped in JSON or in a tag.
  constexpr std::size_t Escaped = 6;
  const commands::Limits& limits = config_.slash.limits;
  const std::size_t told = limits.name + limits.nick + limits.channel + limits.topic + limits.away +
                           limits.reason + config_.slash.server_name.size();
  return Frame + limits.line + limits.info + Escaped * told;
}

void Stage::check() {
  if (!edge_.faults().empty()) broken(edge_.faults().front());
  must_be_well(slash_->world.check());
  hear();
  check_sessions();
  forget_the_gone();
}

void Stage::hear() {
  for (auto& [name, client] : edge_.clients()) {
    const std::size_t letter = name.empty() ? std::string::npos : ClientLetters.find(name[0]);
    for (const std::string& line : client.received) {
      check_line(line);
      learn(learnt_[letter], line);
    }
    client.received.clear();
  }
  edge_.audited().clear();
}

void Stage::check_line(std::string_view line) const {
  if (line.rfind("(closed ", 0) == 0) {
    must(is_valid_utf8(line) && !holds_control(line), "a close reason that can be shown");
    return;
  }
  must_be_well(line_fault(line));
  must(!irc::find_forbidden(line), "no control character in a line");
  must(line.size() <= longest_, "no line is longer than what was said allows");
}

/// Checks that each session has an open connection, and that peers and sessions refer to each
/// other.
void Stage::check_sessions() {
  for (auto& [name, client] : edge_.clients()) {
    const auto found = slash_->sessions.find(client.id);
    if (found == slash_->sessions.end() || !client.open) continue;
    must(!found->second.closing, "who is being closed is no longer open");
    check_subscriptions(client, found->second);
  }
  std::size_t attached = 0;
  for (const auto& [id, session] : slash_->sessions) {
    must(edge_.knows(id), "a session of a connection that there is");
    if (session.peer == nullptr) continue;
    must(session.peer->connection() == id, "a peer sits where its session says");
    ++attached;
  }
  const auto& peers = slash_->world.peers();
  const auto live = std::count_if(peers.begin(), peers.end(),
                                  [](const auto& each) { return each.second.is_live(); });
  must(attached == static_cast<std::size_t>(live), "each live peer has a session");
  must(slash_->suspended.size() + attached == peers.size(), "each other peer is suspended");
}

/// Checks that each member of a channel is subscribed to it, or that the channel's lines are
/// held for the member.
void Stage::check_subscriptions(const transcript::Client& client,
                                const commands::Session& session) {
  if (session.peer == nullptr) return must(client.topics.empty(), "strangers are told nothing");
  if (session.reply != nullptr) return;  // its subscriptions are complete when this reply ends
  std::set<port::TopicId> wanted{slash_->world.everybody()};
  for (const irc::Channel* channel : session.peer->channels()) wanted.insert(channel->topic_id());
  if (session.held_lines) {
    for (const auto topic : session.held_lines->topics) wanted.erase(topic);
  }
  std::set<port::TopicId> has;
  for (const auto& [topic, how] : client.topics) {
    has.insert(topic);
    must(how.form == session.peer->form(), "it gets the form that it asked for");
  }
  must(has == wanted, "a member hears its channels, and nobody else does");
}

void Stage::forget_the_gone() {
  auto& clients = edge_.clients();
  for (auto at = clients.begin(); at != clients.end();) {
    at = edge_.knows(at->second.id) ? std::next(at) : clients.erase(at);
  }
}

void Stage::check_nothing_is_left() {
  must_be_well(transcript::leftovers(edge_.stored()));
  must(slash_->world.peers().empty(), "nobody is left");
  must(slash_->sessions.empty(), "no session is left");
  must(slash_->pending_requests.empty(), "no request is pending");
  must(slash_->held_lines_index.readers.empty() && slash_->held_lines_index.bytes == 0,
       "no gap is left");
  must(slash_->suspended.size() == 0 && !slash_->registration_deadlines.deadline_ms(),
       "nobody is waited for");
  must(slash_->world.mailboxes().bytes() == 0, "no mail is left");
  must(slash_->world.changes().empty(), "everything is stored");
  for (const auto& [name, channel] : slash_->world.channels()) {
    must(channel.state().modes.persistent, "only persistent channels are left");
  }
}

}  // namespace signaller::fuzz
