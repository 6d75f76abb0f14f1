// What one client knows from the lines that it has received, and from nothing else.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/commands/received_line.hpp"

namespace signaller::tests {

/// Messages of one sequence that came one after the other. `after`: the number before the first
/// one; nothing: the client was not told.
struct Run {
  std::string where;  ///< whose sequence, and its epoch
  std::optional<std::uint64_t> after;
  std::vector<std::string> contents;
  std::optional<std::uint64_t> must_end;  ///< the last one's number, as it must be
};

/// A sequence of messages that the client follows.
struct Followed {
  std::string epoch;
  Run run;
  bool awaits_replay = false;  ///< asked for with `since`: nothing live comes before its end
  bool replaying = false;
};

struct KnownChannel {
  std::string name;
  std::map<std::string, char> members;  ///< their rank: @ + or space
  std::string topic;
  std::string title;
  std::string json;  ///< of the CHANNEL line
  std::map<char, std::string> modes;
  Followed messages;
  std::uint64_t shown_seq = 0;     ///< of the CHANNEL line
  bool showing = false;            ///< a REPLAY that answers /join or /history
  std::vector<std::string> shown;  ///< by it
  [[nodiscard]] std::string modes_text() const;
};

class ClientModel {
 public:
  /// A new connection describes itself: `label` is that of its /descp, `since` what it asks for.
  void describe(const std::string& label, std::set<std::string> since);
  void receive(const ReceivedLine& line);
  /// What the client has said with this label, in a channel or about one; told with the ACK.
  void expect_ack(const std::string& label, const std::string& channel, const std::string& content);
  void expect_title(const std::string& label, const std::string& channel, const std::string& title);
  /// Nothing is under way for the client: from here on a line that makes no sense is a fault.
  void calm(bool is) { calm_ = is; }

  /// By folded name.
  [[nodiscard]] const std::map<std::string, KnownChannel>& channels() const { return channels_; }
  [[nodiscard]] const std::map<std::string, std::string>& nicks() const { return nicks_; }
  [[nodiscard]] const Followed& inbox() const { return inbox_; }
  [[nodiscard]] const std::string& secret() const { return secret_; }
  /// `new`, `resumed`, `returned`; empty: not described.
  [[nodiscard]] const std::string& how() const { return how_; }
  [[nodiscard]] const std::vector<std::string>& errors() const { return errors_; }
  [[nodiscard]] std::vector<Run>& runs() { return runs_; }
  /// Ends what is followed: the runs that are left are added to the others.
  void finish();

 private:
  using Handler = void (ClientModel::*)(const ReceivedLine&);
  static const std::map<std::string, Handler>& handlers();
  void on_session(const ReceivedLine& line);
  void on_join(const ReceivedLine& line);
  void on_gone(const ReceivedLine& line);
  void on_removed(const ReceivedLine& line);
  void on_quit(const ReceivedLine& line);
  void on_mode(const ReceivedLine& line);
  void on_topic(const ReceivedLine& line);
  void on_topic_text(const ReceivedLine& line);
  void on_nick(const ReceivedLine& line);
  void on_descp(const ReceivedLine& line);
  void on_channel(const ReceivedLine& line);
  void on_names(const ReceivedLine& line);
  void on_replay(const ReceivedLine& line);
  void on_pubmsg(const ReceivedLine& line);
  void on_privmsg(const ReceivedLine& line);
  void on_ack(const ReceivedLine& line);

  KnownChannel* find(const std::string& name);
  void remove_member(KnownChannel& channel, const std::string& id);
  void forget(const std::string& folded);
  void forget_strangers();
  void start(Followed& followed, const std::string& where, std::optional<std::uint64_t> after);
  void replay(Followed& followed, const ReceivedLine& line);
  void report(const std::string& what, const ReceivedLine& line);

  struct Expected {
    std::string channel;
    std::string content;  ///< of a message; empty: a title
    std::string title;
  };
  std::string me_;
  std::string secret_;
  std::string how_;
  std::string describing_;
  std::set<std::string> since_;
  std::map<std::string, Followed> before_;  ///< what was followed before the connection was lost
  std::map<std::string, KnownChannel> channels_;
  std::map<std::string, std::string> nicks_;
  Followed inbox_;
  std::map<std::string, Expected> expected_;
  std::vector<Run> runs_;
  std::vector<std::string> errors_;
  bool calm_ = false;
};

}  // namespace signaller::tests
