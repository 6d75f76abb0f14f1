// Fills the world from the store when the process starts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "irc/world.hpp"
#include "port/records.hpp"
#include "port/time.hpp"

namespace signaller::irc {

/// Loads the records. A peer that had a session is suspended afterwards, in its channels and with
/// its ranks. Stored data is checked like data of a client: an invalid record or value is left out.
class WorldLoader {
 public:
  /// @param world     an empty world
  /// @param label_ms  how long a label is remembered
  WorldLoader(World& world, port::Random& random, port::Instant now, std::int64_t label_ms)
      : world_(world), random_(random), now_(now), label_ms_(label_ms) {}

  /// Fills the world. Call it once.
  void take(port::Snapshot snapshot);
  /// Returns one entry for each record or value that was left out: its key as in docs/redis.rst,
  /// without the store prefix, and the reason. Control characters are escaped, for the log.
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }

 private:
  void take(port::PeerRecord&& record);
  void take(port::ChannelRecord&& record);
  void take(const port::MemberRecord& record);
  void take(port::MessageRecord&& record);
  void take(port::MailRecord&& record);
  void take(port::BanRecord&& record);
  void attach(const PeerId& id, Claim claim, PeerState state, port::PeerRecord&& record);
  void add_standings(Channel& channel, port::ChannelRecord& record);
  PeerState state_of(port::PeerRecord& record);
  StoredMessagePtr message(port::KeptMessage&& kept, std::string_view kind,
                           const std::string& where);
  void note_label(const StoredMessagePtr& message, std::string target);
  void remember_labels();
  /// Finds a loaded peer in a hash table, because the world's tree is slow for so many lookups.
  [[nodiscard]] Peer* find(const std::optional<PeerId>& id) const;
  [[nodiscard]] Channel* find_channel(const std::string& name);
  void drop_empty_channels();
  /// The number at which a sequence continues after a crash: above every number that the crashed
  /// server may have given out.
  /// @param reserved  the highest number that was reserved in the store
  std::uint64_t after(std::uint64_t reserved);
  void problem(std::string_view kind, std::string_view name, std::string_view why);
  void out_of_order(std::string_view kind, std::string_view name, std::uint64_t seq);
  struct Field {
    std::string_view kind, name, field;
  };
  using Check = bool(std::string_view);
  void take_text(std::string& to, std::string&& from, Check* is_good, const Field& field);

  /// A message with a label, and the channel or peer that it was sent to.
  struct Labelled {
    StoredMessagePtr message;
    std::string target;
  };

  World& world_;
  port::Random& random_;
  port::Instant now_;
  std::int64_t label_ms_;
  /// The server was shut down regularly: the stored numbers are the last ones that were used.
  bool sealed_ = false;
  std::unordered_map<PeerId, Peer*> peers_;  ///< peers that had a session
  /// The result of the last find_channel.
  World::Channels::iterator channel_ = world_.tables_.channels.end();
  std::unordered_map<PeerId, std::vector<Labelled>> labelled_;  ///< labelled messages by sender
  std::vector<std::string> problems_;
};

}  // namespace signaller::irc
