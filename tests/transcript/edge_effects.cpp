// Carries out each kind of effect.
#include <algorithm>

#include "tests/transcript/edge.hpp"

namespace signaller::transcript {

void Edge::apply(const port::Send& send) {
  auto* client = addressed(send.to);
  if (client == nullptr || !client->open) return;
  deliver(*client, send.text);
  if (!send.more) return;
  client->draining = true;
  if (client->stalled) return;
  inputs_.push_back([this, id = send.to] {
    auto* drained = find(id);
    if (drained == nullptr || !drained->open) return port::Effects();
    drained->draining = false;
    carry_out(protocol_->on_drain(id, now_));
    inputs_.push_back([this, id] { return hear_next(id); });
    return port::Effects();
  });
}

void Edge::apply(const port::Publish& publish) {
  for (auto& [name, client] : clients_) {
    const auto found = client.topics.find(publish.topic);
    if (found == client.topics.end() || client.id == publish.except) continue;
    if (found->second.quiet && publish.frame_class == port::FrameClass::Presence) continue;
    deliver(client, publish.forms, found->second.form);
  }
}

void Edge::apply(const port::PublishUnion& publish) {
  for (auto& [name, client] : clients_) {
    if (client.id == publish.except) continue;
    for (const auto topic : publish.topics) {
      const auto found = client.topics.find(topic);
      if (found == client.topics.end()) continue;
      if (found->second.quiet && publish.frame_class == port::FrameClass::Presence) continue;
      deliver(client, publish.forms, found->second.form);
      break;
    }
  }
}

void Edge::apply(const port::Subscribe& subscribe) {
  if (subscribe.topic == port::TopicId::None) fault("subscribed to no topic");
  auto* client = addressed(subscribe.who);
  if (client == nullptr || !client->open) return;
  client->topics[subscribe.topic] = {subscribe.form, subscribe.quiet};
}

void Edge::apply(const port::Unsubscribe& unsubscribe) {
  auto* client = addressed(unsubscribe.who);
  if (client != nullptr) client->topics.erase(unsubscribe.topic);
}

void Edge::apply(const port::Close& close) {
  auto* client = addressed(close.who);
  if (client == nullptr || !client->open) return;
  client->received.push_back(closed_line(close.code, close.reason));
  end(*client, close.code, true);
}

void Edge::apply(const port::FrameLimit& limit) {
  auto* client = addressed(limit.who);
  if (client != nullptr) client->frame_limit = limit.bytes;
}

void Edge::apply(const port::Wake& wake) {
  wake_ms_ = wake_ms_ == 0 ? wake.steady_ms : std::min(wake_ms_, wake.steady_ms);
}

static std::vector<std::string> messages_of(const std::vector<port::Record>& records) {
  std::vector<std::string> names;
  for (const port::Record& record : records) {
    if (const auto* message = std::get_if<port::MessageRecord>(&record)) {
      names.push_back(message->message.msgid);
    } else if (const auto* mail = std::get_if<port::MailRecord>(&record)) {
      names.push_back(mail->message.msgid);
    }
  }
  return names;
}

/// Stores at once, unless the test delays or refuses batches. The answer is a separate input.
void Edge::apply(const port::Persist& persist) {
  answers_.store_stalls ? unstored_.push_back(persist) : save(persist);
}

void Edge::save(const port::Persist& persist) {
  const auto answer = [this](port::Stored stored) {
    inputs_.push_back([this, stored] { return protocol_->on_stored(stored, now_); });
  };
  if (answers_.store_fails) return answer({persist.token, false});
  if (answers_.store_leaves_out) return answer({persist.token, true, messages_of(persist.records)});
  store_->save(persist.records, persist.token, answer);
}

/// The hash of a password is the password itself.
void Edge::apply(const port::Verify& verify) {
  if (answers_.verifier_stalls) {
    unverified_.push_back(verify);
    return;
  }
  if (answers_.verifier_busy) {
    inputs_.push_back([this, token = verify.token] {
      return protocol_->on_verified({token, false, true}, now_);
    });
    return;
  }
  inputs_.push_back([this, token = verify.token, ok = verify.hash == verify.password] {
    return protocol_->on_verified({token, ok, false}, now_);
  });
}

void Edge::apply(const port::Hold& hold) {
  auto* client = addressed(hold.who);
  if (client != nullptr) client->held = true;
}

void Edge::apply(const port::Release& release) {
  auto* client = addressed(release.who);
  if (client == nullptr || !client->held) return;
  client->held = false;
  inputs_.push_back([this, id = release.who] { return hear_next(id); });
}

void Edge::apply(const port::Query& ask) {
  inputs_.push_back([this, token = ask.token, question = ask.question] {
    port::QueryResult answer;
    answer.token = token;
    if (question == port::QueryKind::Reload) {
      answer.ok = answers_.reload_ok;
      answer.stats = answers_.reload_stats;
      if (answer.ok && answers_.reload) answers_.reload();
    } else {
      answer.stats = answers_.counts;
    }
    return protocol_->on_query_result(answer, now_);
  });
}

void Edge::apply(const port::Audit& audit) {
  audited_.push_back(audit.record);
}

void Edge::apply(const port::BanList& bar) {
  banned_ranges_ = *bar.list;
}

/// The clients of this edge are open without a handshake, so nothing may be accepted.
void Edge::apply(const port::AcceptUpgrade& accept) {
  (void)accept;
  fault("accepted an upgrade that nobody asked for");
}

void Edge::apply(const port::Respond& respond) {
  addressed(respond.to.connection);
}

}  // namespace signaller::transcript
