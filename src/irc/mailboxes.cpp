#include "irc/mailboxes.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace signaller::irc {
namespace {

/// How many message numbers are reserved in the store at once for an inbox. The next range is
/// reserved when half of the present range is used, so the store has the reservation long before a
/// number of the next range is given out.
constexpr std::uint64_t MailSeqRange = 100;

}  // namespace

std::uint64_t Mailboxes::next_seq(Peer& peer) {
  ++peer.inbox_seq_;
  if (peer.inbox_seq_ + MailSeqRange / 2 > peer.inbox_reserved_) {
    peer.inbox_reserved_ = peer.inbox_seq_ + MailSeqRange;
    changes_.peer_changed(peer.id_);
  }
  return peer.inbox_seq_;
}

bool Mailboxes::has_room(const Peer& peer, std::size_t cost) const {
  const InboxLimits& limits = tables_.limits.inbox;
  if (bytes_ + cost > limits.all_bytes) return false;
  return peer.inbox_ == nullptr || peer.inbox_->has_room(cost, limits);
}

void Mailboxes::post(Peer& peer, StoredMessagePtr message, bool handed_out, port::Instant now) {
  const InboxLimits& limits = tables_.limits.inbox;
  if (!peer.inbox_) peer.inbox_ = std::make_unique<Inbox>();
  changes_.mail_added(peer.id_, message->seq);
  // Never lowered: at the start, older messages are posted again.
  if (handed_out) peer.inbox_handed_ = std::max(peer.inbox_handed_, message->seq);
  bytes_ -= peer.inbox_->bytes();
  peer.inbox_->add(std::move(message), now.steady_ms, handed_out, limits);
  if (bytes_ + peer.inbox_->bytes() > limits.all_bytes) peer.inbox_->drop_handed_out();
  bytes_ += peer.inbox_->bytes();
  schedule(peer, now);
}

void Mailboxes::hand_out(Peer& peer, port::Instant now) {
  if (!peer.inbox_) return;
  if (tables_.limits.mirrored && peer.inbox_->undelivered() > 0) changes_.peer_changed(peer.id_);
  peer.inbox_->hand_out(now.steady_ms);
  peer.inbox_handed_ = peer.inbox_seq_;
}

void Mailboxes::take_back(Peer& peer, std::size_t count) {
  if (!peer.inbox_ || count == 0) return;
  Inbox& inbox = *peer.inbox_;
  inbox.take_back(count);
  if (inbox.undelivered() == 0) return;
  peer.inbox_handed_ = inbox[inbox.size() - inbox.undelivered()]->seq - 1;
  if (!tables_.limits.mirrored) return;
  changes_.peer_changed(peer.id_);
  // All records of the inbox change, because each record states whether its message was handed out.
  changes_.mail_changed(peer.id_, inbox[0]->seq);
}

void Mailboxes::schedule(Peer& peer, port::Instant now) {
  if (peer.mail_scheduled_) return;
  peer.mail_scheduled_ = true;
  // The shortest time between two checks of an inbox: undelivered messages never expire, so a time
  // of 0 would be a busy loop.
  constexpr std::int64_t SoonestMs = 1'000;
  const std::int64_t due = peer.inbox_->first_ms() + peer.state_.resume_ms + 1;
  due_.emplace(std::max(due, now.steady_ms + SoonestMs), peer.id_);
}

std::int64_t Mailboxes::due_ms() const {
  return due_.empty() ? 0 : due_.begin()->first;
}

void Mailboxes::expire(port::Instant now) {
  while (!due_.empty() && due_.begin()->first <= now.steady_ms) {
    const PeerId id = due_.begin()->second;
    due_.erase(due_.begin());
    const auto found = tables_.peers.find(id);
    if (found == tables_.peers.end()) continue;  // the session has ended
    Peer& peer = found->second;
    if (!peer.mail_scheduled_) continue;  // the entry was for an earlier peer with this id
    peer.mail_scheduled_ = false;
    if (expire(peer, now)) schedule(peer, now);
  }
}

bool Mailboxes::expire(Peer& peer, port::Instant now) {
  if (!peer.inbox_) return false;
  bytes_ -= peer.inbox_->bytes();
  peer.inbox_->expire(now.steady_ms - peer.state_.resume_ms);
  bytes_ += peer.inbox_->bytes();
  if (peer.inbox_->size() > 0) return true;
  peer.inbox_.reset();
  return false;
}

void Mailboxes::remove(const Peer& peer) {
  if (peer.inbox_) bytes_ -= peer.inbox_->bytes();
}

}  // namespace signaller::irc
