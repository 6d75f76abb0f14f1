#include "irc/world_loader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "irc/stored_values.hpp"
#include "irc/text/text.hpp"

namespace signaller::irc {
namespace {

// The prefixes of the keys of records.
constexpr std::string_view PeerKey = "peer:";
constexpr std::string_view ChannelKey = "channel:";
constexpr std::string_view StandingKey = "standing:";
constexpr std::string_view LogKey = "log:";
constexpr std::string_view MailKey = "mail:";
constexpr std::string_view BansKey = "bans";

constexpr std::size_t MostProblems = 1'000;  // maximum number of reported problems
constexpr std::int64_t LongestResumeMs = 86'400'000;

/// The text of a problem: an entry of the peer `of` is left out.
/// @param what  the kind of the entry, such as `ban`
/// @param all   the plural of that kind, or `them`
std::string left_out_text(std::string_view what, std::string_view of, std::string_view all) {
  return fmt::format("the {} of {} is invalid, or the channel already has the maximum number of {}",
                     what, of, all);
}

}  // namespace

void WorldLoader::problem(std::string_view kind, std::string_view name, std::string_view why) {
  if (problems_.size() > MostProblems) return;
  if (problems_.size() == MostProblems)
    return problems_.push_back(
        fmt::format("*: more records and fields; only the first {} are listed", MostProblems));
  problems_.push_back(fmt::format("{}{}: {}", kind, shown(name), why));
}

void WorldLoader::out_of_order(std::string_view kind, std::string_view name, std::uint64_t seq) {
  problem(kind, name, fmt::format("message {} is out of order", seq));
}

/// Moves a text of a record to `to`. If the text is invalid, reports a problem and leaves out only
/// this text, not its record.
void WorldLoader::take_text(std::string& to, std::string&& from, Check* is_good,
                            const Field& field) {
  if (is_good(from)) {
    to = std::move(from);
  } else {
    problem(field.kind, field.name, fmt::format("its field '{}' is invalid", field.field));
  }
}

/// Returns a number made from the clock, which grows faster than any channel can number messages.
/// If the clock was set back, returns `reserved` plus a random distance: with a fixed distance, two
/// servers that crash one after the other before they store a number would give out the same
/// numbers.
std::uint64_t WorldLoader::after(std::uint64_t reserved) {
  constexpr std::int64_t BeginMs = 1'577'836'800'000;  // the year 2020
  constexpr std::uint64_t EachMs = 100;
  const auto passed_ms = std::max<std::int64_t>(0, now_.unix_ms - BeginMs);
  const std::uint64_t by_clock = static_cast<std::uint64_t>(passed_ms) * EachMs;
  if (by_clock > reserved) return by_clock;
  // The least distance above `reserved` when the clock was set back.
  constexpr std::uint64_t Far = 1'000'000;
  // Bounds the result, because clients hold numbers as doubles.
  constexpr std::uint64_t Most = std::uint64_t{1} << 52U;
  return std::min(reserved, Most) + Far + random_.next() % Far;
}

void WorldLoader::take(port::Snapshot snapshot) {
  // While `mirrored` is false, no message is marked as changed: the store has them all already.
  const bool mirrored = std::exchange(world_.tables_.limits.mirrored, false);
  sealed_ = snapshot.sealed;
  peers_.reserve(snapshot.peers.size());
  for (auto& peer : snapshot.peers) take(std::move(peer));
  for (auto& channel : snapshot.channels) take(std::move(channel));
  for (const auto& member : snapshot.members) take(member);
  for (auto& all = snapshot.messages; !all.empty(); all.pop_front()) take(std::move(all.front()));
  for (auto& all = snapshot.mail; !all.empty(); all.pop_front()) take(std::move(all.front()));
  remember_labels();
  for (auto& ban : snapshot.bans) take(std::move(ban));
  world_.tables_.limits.mirrored = mirrored;
  drop_empty_channels();
}

/// Returns the valid part of the record's state.
PeerState WorldLoader::state_of(port::PeerRecord& record) {
  PeerState state;
  if (record.away) {
    std::string away;
    take_text(away, std::move(*record.away), is_showable, {PeerKey, record.id, "away"});
    if (!away.empty()) state.away = std::move(away);
  }
  const auto direct = parse_direct_messages(record.dm);
  if (!direct && !record.dm.empty())
    problem(PeerKey, record.id, "its field 'dm' (who may send private messages) is invalid");
  state.direct_messages = direct.value_or(DirectMessages::Anyone);
  state.resume_ms = std::clamp<std::int64_t>(record.resume_ms, 0, LongestResumeMs);
  for (const std::string& text : record.blocks) {
    if (const auto id = PeerId::parse(text)) {
      state.blocks.emplace(*id, 0);
    } else {
      problem(PeerKey, record.id, "an id in its list of blocked peers is invalid");
    }
  }
  return state;
}

void WorldLoader::take(port::PeerRecord&& record) {
  const auto id = PeerId::parse(record.id);
  const auto secret = parse_digest(record.secret);
  if (!id || !secret || record.owner_generation == 0) {
    return problem(PeerKey, record.id, "its id, or its field 'secret' or 'tenure', is invalid");
  }
  if (find(id) != nullptr || world_.tables_.identities.find(*id) != nullptr) {
    return problem(PeerKey, record.id, "it is stored twice");
  }
  const Claim claim{*secret, record.owned, record.owner_generation};
  PeerState state = state_of(record);
  if (record.here) return attach(*id, claim, std::move(state), std::move(record));
  if (!record.owned) return problem(PeerKey, record.id, "it has neither a session nor an owner");
  world_.tables_.identities.keep(
      *id, {claim, std::move(state), record.created_ms, record.seen_ms, true});
}

/// Adds a suspended peer.
void WorldLoader::attach(const PeerId& id, Claim claim, PeerState state,
                         port::PeerRecord&& record) {
  Peer& peer = world_.tables_.peers.try_emplace(id, id, Attachment{}, claim).first->second;
  peers_.emplace(id, &peer);
  peer.stored_ = peer.confirmed_ = true;
  peer.state_ = std::move(state);
  peer.created_ms_ = record.created_ms;
  peer.updated_ms_ = record.updated_ms;
  peer.talked_ms_ = record.seen_ms;
  const auto epoch = parse_epoch(record.inbox_epoch);
  peer.inbox_epoch_ = epoch ? *epoch : static_cast<std::uint32_t>(random_.next());
  const bool sealed = sealed_ && epoch;
  peer.inbox_seq_ = sealed ? record.inbox_seq : after(record.inbox_seq);
  peer.inbox_sequence_gap_ = sealed ? record.inbox_sequence_gap : peer.inbox_seq_;
  peer.inbox_handed_ = record.inbox_handed;
  peer.inbox_reserved_ = peer.inbox_seq_;
  take_text(peer.profile_.name, std::move(record.name), is_plain, {PeerKey, record.id, "name"});
  take_text(peer.profile_.info, std::move(record.info), is_object, {PeerKey, record.id, "info"});
  if (record.nick.empty()) return;
  const auto nick = Nick::parse(record.nick, Nick::MostBytes);
  if (!nick || world_.find(*nick) != nullptr) {
    return problem(PeerKey, record.id, "its nick is invalid or in use");
  }
  world_.set_nick(peer, std::move(record.nick));
}

void WorldLoader::take(port::ChannelRecord&& record) {
  const std::string key = fold(record.name);
  const auto name = ChannelName::parse(record.name, ChannelName::MostBytes);
  const auto creator = PeerId::parse(record.creator);
  const auto epoch = parse_epoch(record.epoch);
  const auto modes = parse_modes(record.modes);
  const auto token = parse_digest(record.token);
  if (!name || !creator || !epoch || !modes || (!record.token.empty() && !token)) {
    return problem(ChannelKey, key, "its name, creator, epoch, modes or token is invalid");
  }
  WorldTables::Channels& channels = world_.tables_.channels;
  if (channels.count(key) != 0) return problem(ChannelKey, key, "it is stored twice");
  Channel& channel =
      channels.try_emplace(key, *name, *creator, world_.topics_.take()).first->second;
  channel.stored_ = channel.confirmed_ = true;
  world_.channel_index_.emplace(channel.name_, &channel);
  channel.state_.modes = *modes;
  channel.state_.token = token;
  channel.state_.creator_generation = record.creator_generation;
  ChannelProfile& profile = channel.state_.profile;
  take_text(channel.state_.topic, std::move(record.topic), is_showable, {ChannelKey, key, "topic"});
  take_text(profile.name, std::move(record.title), is_plain, {ChannelKey, key, "title"});
  take_text(profile.descp, std::move(record.descp), is_plain, {ChannelKey, key, "descp"});
  take_text(profile.info, std::move(record.info), is_object, {ChannelKey, key, "info"});
  channel.epoch_ = *epoch;
  channel.seq_ = sealed_ ? record.seq : after(record.seq);
  channel.sequence_gap_ = sealed_ ? record.sequence_gap : channel.seq_;
  channel.seq_reserved_ = channel.seq_;
  channel.created_ms_ = record.created_ms;
  channel.updated_ms_ = record.updated_ms;
  add_standings(channel, record);
}

void WorldLoader::add_standings(Channel& channel, port::ChannelRecord& record) {
  ChannelState& state = channel.state_;
  const std::size_t most = world_.tables_.limits.standings;
  const std::string key = fold(record.name);
  const auto each = [&](auto& records, const auto& add) {
    for (auto& one : records) {
      const auto id = PeerId::parse(one.peer);
      if (!id || !add(*id, one))
        problem(StandingKey, key,
                left_out_text("rank, mute or invitation", shown(one.peer), "them"));
    }
  };
  each(record.ranks, [&](const PeerId& id, const port::StandingRecord& one) {
    const auto rank = parse_rank(one.rank);
    if (!rank || *rank == Rank::None || state.kept.size() >= most) return false;
    state.kept[id] = {*rank, one.owner_generation};
    return true;
  });
  each(record.mutes, [&](const PeerId& id, const port::StandingRecord& one) {
    if (state.mutes.size() >= most) return false;
    state.mutes[id] = one.until_ms;
    return true;
  });
  each(record.invites, [&](const PeerId& id, const port::StandingRecord& one) {
    if (state.invites.size() >= most) return false;
    state.invites[id] = {one.until_ms, one.owner_generation};
    return true;
  });
  for (port::BanRecord& one : record.bans) {
    const auto id = PeerId::parse(one.whom);
    const std::string subject = shown(one.whom);
    auto ban = parse_ban(std::move(one));
    if (!id || !ban || state.bans.size() >= most) {
      problem(StandingKey, key, left_out_text("ban", subject, "bans"));
    } else {
      state.bans.insert_or_assign(*id, std::move(*ban));
    }
  }
}

/// Finds a channel by name. The members and messages of a channel come in a row, so the last result
/// is kept.
Channel* WorldLoader::find_channel(const std::string& name) {
  if (channel_ == world_.tables_.channels.end() || channel_->first != name) {
    channel_ = world_.tables_.channels.find(name);
  }
  return channel_ == world_.tables_.channels.end() ? nullptr : &channel_->second;
}

void WorldLoader::take(const port::MemberRecord& record) {
  Channel* channel = find_channel(record.channel);
  const auto id = PeerId::parse(record.peer);
  const auto rank = parse_rank(record.rank);
  Peer* peer = find(id);
  if (channel == nullptr || peer == nullptr || !rank) {
    return problem(ChannelKey, record.channel,
                   fmt::format("the member {} has no peer record, or its rank is invalid",
                               shown(record.peer)));
  }
  if (!channel->members_.try_emplace(*id, Member{peer, *rank, true}).second) return;
  channel->state_.kept.erase(*id);
  if (*rank != Rank::None) channel->ranked_.insert(*id);
  peer->channels_.push_back(channel);
}

StoredMessagePtr WorldLoader::message(port::KeptMessage&& kept, std::string_view kind,
                                      const std::string& where) {
  if (!is_showable(kept.line) || kept.line.empty() || !is_plain(kept.name) ||
      !is_plain(kept.msgid) || !is_plain(kept.label)) {
    problem(kind, where, fmt::format("message {} has an invalid text", kept.seq));
    return nullptr;
  }
  const std::string_view from = kept.from;
  const std::size_t end = std::min(from.find(':'), from.size());
  const auto session = parse_epoch(from.substr(std::min(end + 1, from.size())));
  StoredMessage message{kept.seq,
                        kept.unix_ms,
                        std::move(kept.msgid),
                        std::move(kept.name),
                        std::move(kept.line),
                        PeerId::parse(from.substr(0, end)),
                        std::move(kept.label),
                        session.value_or(0)};
  return std::make_shared<const StoredMessage>(std::move(message));
}

Peer* WorldLoader::find(const std::optional<PeerId>& id) const {
  const auto found = id ? peers_.find(*id) : peers_.end();
  return found == peers_.end() ? nullptr : found->second;
}

void WorldLoader::note_label(const StoredMessagePtr& message, std::string target) {
  if (!message->from || message->label.empty()) return;
  if (now_.unix_ms - message->time_ms >= label_ms_) return;
  const Peer* sender = find(message->from);
  // The label belongs to an earlier session.
  if (sender == nullptr || sender->inbox_epoch_ != message->session) return;
  labelled_[*message->from].push_back({message, std::move(target)});
}

/// Adds labels in the order in which the messages were sent: the cache keeps only a peer's last
/// labels, but the store gives one log after the other.
void WorldLoader::remember_labels() {
  const auto is_older = [](const Labelled& a, const Labelled& b) {
    return a.message->time_ms < b.message->time_ms;
  };
  for (auto& [from, said] : labelled_) {
    Peer* peer = find(from);
    if (peer == nullptr) continue;
    std::stable_sort(said.begin(), said.end(), is_older);
    for (auto& [message, target] : said) {
      const std::int64_t age_ms = std::max<std::int64_t>(0, now_.unix_ms - message->time_ms);
      const port::Instant then{message->time_ms, now_.steady_ms - age_ms};
      world_.remember(*peer, message->label, {std::move(target), message->msgid, message->seq},
                      then);
    }
  }
  labelled_.clear();
}

void WorldLoader::take(port::MessageRecord&& record) {
  Channel* found = find_channel(record.channel);
  if (found == nullptr) {
    return problem(LogKey, record.channel, "the channel does not exist");
  }
  Channel& channel = *found;
  const MessageLog& log = channel.log_;
  const std::uint64_t last = log.size() == 0 ? 0 : log[log.size() - 1]->seq;
  if (record.message.seq <= last || record.message.seq > channel.seq_) {
    return out_of_order(LogKey, record.channel, record.message.seq);
  }
  const StoredMessagePtr kept = message(std::move(record.message), LogKey, record.channel);
  if (!kept) return;
  note_label(kept, channel.name_);
  world_.channel_logs_.add(channel, kept);
}

void WorldLoader::take(port::MailRecord&& record) {
  const auto id = PeerId::parse(record.peer);
  Peer* peer = find(id);
  if (peer == nullptr) return problem(MailKey, record.peer, "the peer does not exist");
  const std::size_t size = peer->inbox_ ? peer->inbox_->size() : 0;
  const std::uint64_t last = size == 0 ? 0 : (*peer->inbox_)[size - 1]->seq;
  if (record.message.seq <= last || record.message.seq > peer->inbox_seq_) {
    return out_of_order(MailKey, record.peer, record.message.seq);
  }
  const StoredMessagePtr kept = message(std::move(record.message), MailKey, record.peer);
  if (!kept) return;
  note_label(kept, peer->id_.text());
  const std::uint64_t handed_up_to = peer->inbox_handed_;
  const bool handed = record.handed || kept->seq <= handed_up_to;
  if (!handed && !world_.mailboxes_.has_room(*peer, kept->cost())) {
    return problem(MailKey, record.peer,
                   fmt::format("the inbox has no room for message {}", kept->seq));
  }
  world_.mailboxes_.post(*peer, kept, handed, now_);
}

void WorldLoader::take(port::BanRecord&& record) {
  const auto id = PeerId::parse(record.whom);
  const auto range = port::AddressRange::parse(record.whom);
  std::string subject = record.whom;
  auto ban = parse_ban(std::move(record));
  if (!ban || (!id && !range))
    return problem(BansKey, {}, fmt::format("the ban of {} is invalid", shown(subject)));
  world_.changes_.server_ban_loaded(subject);
  if (is_over(ban->until_ms, now_.unix_ms)) {
    world_.changes_.server_ban_added(std::move(subject));
  } else if (id) {
    world_.tables_.server_bans.add(*id, std::move(*ban));
  } else {
    world_.tables_.server_bans.add(*range, std::move(*ban));
  }
}

void WorldLoader::drop_empty_channels() {
  std::vector<Channel*> empty;
  for (auto& [name, channel] : world_.tables_.channels) {
    if (channel.members_.empty() && !channel.state_.modes.persistent) empty.push_back(&channel);
  }
  for (Channel* channel : empty) world_.drop_if_empty(*channel);
}

}  // namespace signaller::irc
