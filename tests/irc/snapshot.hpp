// All records of a world, as the store would return them at the next start.
#pragma once

#include <utility>
#include <variant>

#include "irc/world.hpp"
#include "port/records.hpp"

namespace signaller::irc {

/// Puts a record into the list of its kind.
struct RecordSorter {
  port::Snapshot& all;
  void operator()(port::PeerRecord& one) { all.peers.push_back(std::move(one)); }
  void operator()(port::ChannelRecord& one) { all.channels.push_back(std::move(one)); }
  void operator()(port::MemberRecord& one) { all.members.push_back(std::move(one)); }
  void operator()(port::MessageRecord& one) { all.messages.push_back(std::move(one)); }
  void operator()(port::MailRecord& one) { all.mail.push_back(std::move(one)); }
  void operator()(port::BanRecord& one) { all.bans.push_back(std::move(one)); }
  void operator()(port::Sealed& /*one*/) { all.sealed = true; }
  template <class Gone>
  void operator()(Gone& /*one*/) {}
};

inline port::Snapshot all_of(World& world) {
  world.changes().take();
  world.changes().mark_all();
  port::Snapshot all;
  for (port::Record& record : world.changes().records(world.changes().take()))
    std::visit(RecordSorter{all}, record);
  return all;
}

}  // namespace signaller::irc
