#include "commands/session/write_behind.hpp"

#include <string>
#include <utility>

#include "irc/text/text.hpp"

namespace signaller::commands {
namespace {

bool holds(const irc::ChangeSet& changes, std::string_view target, std::uint64_t seq) {
  if (!target.empty() && target.front() == '#') {
    const auto found = changes.logs.find(irc::fold(target));
    return found != changes.logs.end() && found->second <= seq;
  }
  const auto id = irc::PeerId::parse(target);
  const auto found = id ? changes.mail.find(*id) : changes.mail.end();
  return found != changes.mail.end() && found->second <= seq;
}

}  // namespace

void WriteBehind::turn_end(irc::World& world, port::Effects& out, port::Instant now) {
  if (idle(world)) {
    oldest_ms_.reset();
    return;
  }
  if (!oldest_ms_) oldest_ms_ = now.steady_ms;
  if (busy_ || !ready_ || (world.changes().empty() && !wanted_)) return;
  if (put_off_ms(world, now)) return;
  under_way_ = world.changes().take(MostMarks);
  whole_ = world.changes().empty();
  taken_ms_ = now.steady_ms;
  next_ms_ = now.steady_ms + BetweenMs;
  busy_ = true;
  wanted_ = false;
  out.add(port::Persist{world.changes().records(under_way_), ++token_});
}

bool WriteBehind::stored(irc::World& world, const port::Stored& stored) {
  // Ignores a report about another batch, and a second report about the same batch.
  if (!busy_ || stored.token != token_) return false;
  busy_ = false;
  if (stored.ok) {
    stored_ = stored.token;
    world.changes().confirm(under_way_);
    for (const std::string& msgid : stored.left_out) leave_out(msgid);
    if (whole_) oldest_ms_ = taken_ms_;
  } else {
    world.changes().put_back(std::move(under_way_));
    wanted_ = true;
    ready_ = false;  // no batch until the store is available again
  }
  under_way_ = {};
  return stored.ok;
}

std::uint64_t WriteBehind::ask_for_batch() {
  wanted_ = true;
  return token_ + 1;
}

std::optional<std::int64_t> WriteBehind::put_off_ms(const irc::World& world,
                                                    port::Instant now) const {
  const irc::ChangeSet& changes = world.changes().pending();
  const bool may_wait = world.limits().mirrored && !wanted_ && !changes.sealed && !changes.empty();
  if (busy_ || !ready_ || !may_wait || next_ms_ <= now.steady_ms) return std::nullopt;
  return next_ms_;
}

void WriteBehind::leave_out(const std::string& msgid) {
  if (!left_out_.insert(msgid).second) return;
  left_out_order_.push_back(msgid);
  if (left_out_order_.size() <= MostLeftOut) return;
  left_out_.erase(left_out_order_.front());
  left_out_order_.pop_front();
}

void WriteBehind::try_again_all() {
  left_out_.clear();
  left_out_order_.clear();
}

bool WriteBehind::is_stored(const irc::World& world, const irc::Acknowledged& message) const {
  const auto& [target, msgid, seq] = message;
  return !is_left_out(msgid) && !holds(world.changes().pending(), target, seq) &&
         !holds(under_way_, target, seq);
}

}  // namespace signaller::commands
