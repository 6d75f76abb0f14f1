#include "tests/commands/client_model.hpp"

#include <algorithm>
#include <utility>

#include "irc/text/text.hpp"

namespace signaller::tests {
namespace {

// Mode letters with a value. MODE shows the value of k as `*`; 324 does not show it.
constexpr std::string_view InChange = "klSH";
constexpr std::string_view InList = "lSH";

/// Applies a change such as `+im-l 10` to the modes that are set.
void apply_modes(std::map<char, std::string>& modes, const std::vector<std::string>& words,
                 std::string_view with_value) {
  bool on = true;
  std::size_t value = 1;
  for (const char letter : words.empty() ? std::string() : words[0]) {
    if (letter == '+' || letter == '-') {
      on = letter == '+';
    } else if (!on) {
      modes.erase(letter);
    } else {
      const bool takes = with_value.find(letter) != std::string_view::npos;
      modes[letter] = takes && value < words.size() ? words[value++] : std::string();
    }
  }
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

}  // namespace

std::string KnownChannel::modes_text() const {
  std::string letters;
  std::string values;
  for (const auto& [letter, value] : modes) {
    letters += letter;
    if (!value.empty() && letter != 'k') values += ' ' + value;
  }
  return letters.empty() ? letters : '+' + letters + values;
}

const std::map<std::string, ClientModel::Handler>& ClientModel::handlers() {
  static const std::map<std::string, Handler> all{
      {"SESSION", &ClientModel::on_session}, {"JOIN", &ClientModel::on_join},
      {"PART", &ClientModel::on_gone},       {"KICK", &ClientModel::on_removed},
      {"BAN", &ClientModel::on_removed},     {"QUIT", &ClientModel::on_quit},
      {"MODE", &ClientModel::on_mode},       {"TOPIC", &ClientModel::on_topic},
      {"332", &ClientModel::on_topic_text},  {"NICK", &ClientModel::on_nick},
      {"DESCP", &ClientModel::on_descp},     {"CHANNEL", &ClientModel::on_channel},
      {"353", &ClientModel::on_names},       {"REPLAY", &ClientModel::on_replay},
      {"PUBMSG", &ClientModel::on_pubmsg},   {"PRIVMSG", &ClientModel::on_privmsg},
      {"ACK", &ClientModel::on_ack},
  };
  return all;
}

void ClientModel::describe(const std::string& label, std::set<std::string> since) {
  describing_ = label;
  since_ = std::move(since);
  how_.clear();
  calm_ = false;
}

void ClientModel::receive(const ReceivedLine& line) {
  const auto shares = [&](const auto& entry) { return entry.second.members.count(line.source); };
  const auto handler = handlers().find(line.verb);
  if (handler != handlers().end()) (this->*handler->second)(line);
  if (!line.label.empty() || line.verb == "PRIVMSG" || line.verb == "NICK" ||
      line.verb == "DESCP") {
    return;
  }
  if (std::any_of(channels_.begin(), channels_.end(), shares)) nicks_[line.source] = line.nick;
}

KnownChannel* ClientModel::find(const std::string& name) {
  const auto found = channels_.find(irc::fold(name));
  return found == channels_.end() ? nullptr : &found->second;
}

void ClientModel::report(const std::string& what, const ReceivedLine& line) {
  std::string text = line.source + ' ' + line.verb;
  for (const auto& param : line.params) text += ' ' + param.substr(0, 80);
  errors_.push_back(what + ": " + text);
}

void ClientModel::on_session(const ReceivedLine& line) {
  me_ = line.param(0);
  secret_ = line.param(1);
  how_ = line.param(3);
  const ReceivedPosition position = read_position(line.param(4));
  const bool resumed = how_ == "resumed";
  before_.clear();
  for (auto& [name, channel] : channels_) {
    if (resumed && since_.count(name) != 0) {
      before_[name] = std::move(channel.messages);
    } else {
      runs_.push_back(std::move(channel.messages.run));
    }
  }
  channels_.clear();
  nicks_.clear();
  expected_.clear();
  if (resumed && since_.count("*") != 0) {
    inbox_.awaits_replay = true;
    inbox_.replaying = false;  // the lost connection may have cut a replay short
    return;
  }
  inbox_.epoch = position.epoch;
  start(inbox_, me_ + ' ' + position.epoch,
        resumed ? std::nullopt : std::optional<std::uint64_t>(position.seq));
  inbox_.awaits_replay = !resumed && since_.count("*") != 0;
}

void ClientModel::start(Followed& followed, const std::string& where,
                        std::optional<std::uint64_t> after) {
  if (!followed.run.contents.empty()) runs_.push_back(std::move(followed.run));
  followed.run = {where, after, {}, std::nullopt};
  followed.awaits_replay = false;
  followed.replaying = false;
}

void ClientModel::on_join(const ReceivedLine& line) {
  const std::string folded = irc::fold(line.param(0));
  if (line.source == me_) {
    forget(folded);
    channels_[folded].name = line.param(0);
    calm_ = false;
    return;
  }
  KnownChannel* channel = find(folded);
  if (channel == nullptr) return report("somebody joins where the client is not", line);
  if (calm_ && channel->members.count(line.source) != 0) report("it was there already", line);
  channel->members[line.source] = ' ';
}

void ClientModel::on_gone(const ReceivedLine& line) {
  KnownChannel* channel = find(line.param(0));
  if (channel == nullptr) return report("somebody leaves where the client is not", line);
  if (line.source == me_) return forget(irc::fold(line.param(0)));
  if (calm_ && channel->members.count(line.source) == 0) report("it was not there", line);
  remove_member(*channel, line.source);
}

/// Handles KICK and BAN lines.
void ClientModel::on_removed(const ReceivedLine& line) {
  if (line.param(0)[0] != '#') return;
  KnownChannel* channel = find(line.param(0));
  if (channel == nullptr) return;  // the client is a server operator and no member
  if (line.param(1) == me_) return forget(irc::fold(line.param(0)));
  remove_member(*channel, line.param(1));
}

void ClientModel::on_quit(const ReceivedLine& line) {
  std::size_t places = 0;
  for (auto& [name, channel] : channels_) places += channel.members.erase(line.source);
  if (calm_ && places == 0) report("nobody knew it", line);
  forget_strangers();
}

void ClientModel::remove_member(KnownChannel& channel, const std::string& id) {
  channel.members.erase(id);
  forget_strangers();
}

void ClientModel::forget(const std::string& folded) {
  const auto found = channels_.find(folded);
  if (found == channels_.end()) return;
  runs_.push_back(std::move(found->second.messages.run));
  channels_.erase(found);
  forget_strangers();
}

void ClientModel::forget_strangers() {
  for (auto at = nicks_.begin(); at != nicks_.end();) {
    const bool known = std::any_of(channels_.begin(), channels_.end(), [&](const auto& entry) {
      return entry.second.members.count(at->first) != 0;
    });
    at = known ? std::next(at) : nicks_.erase(at);
  }
}

void ClientModel::on_mode(const ReceivedLine& line) {
  KnownChannel* channel = find(line.param(0));
  if (channel == nullptr) return;  // the client is a server operator and no member
  const std::string& change = line.param(1);
  if (change.size() == 2 && (change[1] == 'o' || change[1] == 'v' || change[1] == 'q')) {
    const auto member = channel->members.find(line.param(2));
    if (member == channel->members.end() || change[1] == 'q') return;
    member->second = change[0] == '-' ? ' ' : change[1] == 'o' ? '@' : '+';
    return;
  }
  apply_modes(channel->modes, {line.params.begin() + 1, line.params.end()}, InChange);
}

void ClientModel::on_topic(const ReceivedLine& line) {
  if (KnownChannel* channel = find(line.param(0))) channel->topic = line.param(1);
}

void ClientModel::on_topic_text(const ReceivedLine& line) {
  if (KnownChannel* channel = find(line.param(1))) channel->topic = line.param(2);
}

void ClientModel::on_nick(const ReceivedLine& line) {
  if (line.source != me_) nicks_[line.source] = line.param(0);
  forget_strangers();
}

void ClientModel::on_descp(const ReceivedLine& line) {
  if (line.param(0)[0] == '#') {
    if (KnownChannel* channel = find(line.param(0)))
      channel->title = json_text(line.param(1), "name");
    return;
  }
  nicks_[line.source] = json_text(line.param(1), "nick");
  forget_strangers();
}

void ClientModel::on_channel(const ReceivedLine& line) {
  KnownChannel* channel = find(line.param(0));
  if (channel == nullptr || !channel->json.empty()) return;  // the line answers /whois #channel
  const std::string folded = irc::fold(line.param(0));
  const ReceivedPosition position = read_position(line.param(1));
  channel->json = line.param(2);
  channel->title = json_text(channel->json, "name");
  channel->shown_seq = position.seq;
  apply_modes(channel->modes, split(json_text(channel->json, "modes")), InList);
  const auto before = before_.find(folded);
  if (before != before_.end() && line.label == describing_) {
    channel->messages = std::move(before->second);
    before_.erase(before);
  } else {
    channel->messages.epoch = position.epoch;
    start(channel->messages, position.epoch, position.seq);
  }
  channel->messages.replaying = false;
  channel->messages.awaits_replay = line.label == describing_ && since_.count(folded) != 0;
}

void ClientModel::on_names(const ReceivedLine& line) {
  KnownChannel* channel = find(line.param(2));
  if (channel == nullptr) return;
  for (const auto& word : split(line.param(3))) {
    const bool ranked = word[0] == '@' || word[0] == '+';
    channel->members[ranked ? word.substr(1) : word] = ranked ? word[0] : ' ';
  }
}

void ClientModel::finish() {
  for (auto& [name, channel] : channels_) runs_.push_back(std::move(channel.messages.run));
  channels_.clear();
  runs_.push_back(std::exchange(inbox_.run, {}));
}

}  // namespace signaller::tests
