// The messages that a client receives: live, in replays and as mail, and its own.
#include <algorithm>
#include <utility>

#include "irc/text/text.hpp"
#include "tests/commands/client_model.hpp"

namespace signaller::tests {
namespace {

/// Identifies a message: the contents of tests begin with a unique word.
std::string first_word(const std::string& content) {
  return content.substr(0, content.find(' '));
}

}  // namespace

void ClientModel::on_replay(const ReceivedLine& line) {
  const std::string& target = line.param(0);
  KnownChannel* channel = find(target);
  if (line.label == describing_) {
    if (target == "*") return replay(inbox_, line);
    if (channel != nullptr) return replay(channel->messages, line);
    if (line.param(1) == "begin" && (line.param(2) != "0" || line.param(3) != "0")) {
      report("a replay of a channel that the client is not in", line);
    }
    return;
  }
  // The client is a server operator and reads the history of a channel that it is not in.
  if (channel == nullptr) return;
  const bool begins = line.param(1) == "begin";
  if (begins == channel->showing) report("replays do not nest", line);
  channel->showing = begins;
  if (begins) return;
  Run run{channel->messages.epoch, std::nullopt, std::exchange(channel->shown, {}), std::nullopt};
  if (line.label[0] == 'j') run.must_end = channel->shown_seq;
  runs_.push_back(std::move(run));
}

void ClientModel::replay(Followed& followed, const ReceivedLine& line) {
  if (line.param(1) == "end") {
    if (!followed.replaying) report("an end without begin", line);
    followed.replaying = followed.awaits_replay = false;
    return;
  }
  if (!followed.awaits_replay || followed.replaying) report("nobody asked for it", line);
  if (line.param(3) == "0") {
    start(followed, std::string(followed.run.where), std::nullopt);
    followed.awaits_replay = true;
  }
  followed.replaying = true;
}

void ClientModel::on_pubmsg(const ReceivedLine& line) {
  KnownChannel* channel = find(line.param(0));
  if (channel == nullptr) {
    if (line.label.empty()) report("a message of a channel that the client is not in", line);
    return;
  }
  const std::string content = first_word(line.param(1));
  if (!line.label.empty() && line.label != describing_) {
    if (!channel->showing) report("shown out of its replay", line);
    channel->shown.push_back(content);
    return;
  }
  Followed& messages = channel->messages;
  const bool live = line.label.empty();
  if (live && (messages.awaits_replay || channel->showing))
    report("live before a replay's end", line);
  if (!live && !messages.replaying) report("replayed out of its replay", line);
  messages.run.contents.push_back(content);
  const Run& run = messages.run;
  if (line.seq != 0 && run.after && line.seq != *run.after + run.contents.size()) {
    report("its seq should be " + std::to_string(*run.after + run.contents.size()) + ", is " +
               std::to_string(line.seq),
           line);
  }
}

void ClientModel::on_privmsg(const ReceivedLine& line) {
  const bool live = line.label.empty();
  if (live ? inbox_.awaits_replay : inbox_.awaits_replay && !inbox_.replaying) {
    report("a private message before its replay", line);
  }
  inbox_.run.contents.push_back(first_word(line.param(1)));
}

void ClientModel::expect_ack(const std::string& label, const std::string& channel,
                             const std::string& content) {
  expected_[label] = {channel, first_word(content), {}};
}

void ClientModel::expect_title(const std::string& label, const std::string& channel,
                               const std::string& title) {
  expected_[label] = {channel, {}, title};
}

/// A client without echo learns the numbers of its own messages from their ACKs.
void ClientModel::on_ack(const ReceivedLine& line) {
  const auto found = expected_.find(line.label);
  if (found == expected_.end()) return;
  const Expected expected = found->second;
  expected_.erase(found);
  KnownChannel* channel = find(expected.channel);
  if (channel == nullptr) return;
  if (expected.content.empty()) {
    channel->title = expected.title;
    return;
  }
  Run& run = channel->messages.run;
  const bool known =
      std::find(run.contents.begin(), run.contents.end(), expected.content) != run.contents.end();
  if (known) return;
  const std::uint64_t last_known =
      run.after ? *run.after + run.contents.size() : channel->shown_seq;
  // The ACK repeats an earlier one, because the message was a retry.
  if (line.seq <= last_known) return;
  if (run.after && line.seq != *run.after + run.contents.size() + 1) {
    report("messages before the client's own one are missing", line);
  }
  run.contents.push_back(expected.content);
}

}  // namespace signaller::tests
