// What a client knows of the server, derived from the received lines only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/commands/received_line.hpp"

namespace signaller::tests {

/// Consecutive messages of one sequence, as a client received them.
struct Run {
  std::string where;                   ///< the channel or inbox, and its epoch
  std::optional<std::uint64_t> after;  ///< the number before the first message; nothing: unknown
  std::vector<std::string> contents;
  std::optional<std::uint64_t> must_end;  ///< the number that the last message must have
};

/// A sequence of messages that the client follows.
struct Followed {
  std::string epoch;
  Run run;
  /// A replay was requested with `since`; live messages come after its end.
  bool awaits_replay = false;
  bool replaying = false;
};

struct KnownChannel {
  std::string name;
  std::map<std::string, char> members;  ///< member → rank: `@`, `+` or a space
  std::string topic;
  std::string title;
  std::string json;  ///< the object in the CHANNEL line; empty: no CHANNEL line has come
  std::map<char, std::string> modes;
  Followed messages;
  std::uint64_t shown_seq = 0;     ///< the message number in the CHANNEL line
  bool showing = false;            ///< a REPLAY that answers /join or /history is in progress
  std::vector<std::string> shown;  ///< the contents of the messages in that REPLAY so far
  [[nodiscard]] std::string modes_text() const;
};

class ClientModel {
 public:
  /// Begins a connection.
  /// @param label  the label of its /descp
  /// @param since  the channels and inbox (`*`) whose replay it requests
  void describe(const std::string& label, std::set<std::string> since);
  void receive(const ReceivedLine& line);
  /// Notes a message or a title that the client has sent with this label; its ACK must arrive.
  void expect_ack(const std::string& label, const std::string& channel, const std::string& content);
  void expect_title(const std::string& label, const std::string& channel, const std::string& title);
  /// Sets whether the client has received everything that was sent before. If it has, a line that
  /// contradicts the model is a fault.
  void calm(bool is) { calm_ = is; }

  /// The known channels, by folded name.
  [[nodiscard]] const std::map<std::string, KnownChannel>& channels() const { return channels_; }
  [[nodiscard]] const std::map<std::string, std::string>& nicks() const { return nicks_; }
  [[nodiscard]] const Followed& inbox() const { return inbox_; }
  [[nodiscard]] const std::string& secret() const { return secret_; }
  /// How the session began: `new`, `resumed`, `returned`; empty: not described.
  [[nodiscard]] const std::string& how() const { return how_; }
  [[nodiscard]] const std::vector<std::string>& errors() const { return errors_; }
  [[nodiscard]] std::vector<Run>& runs() { return runs_; }
  /// Ends all sequences: their unfinished runs are added to the finished ones.
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
    std::string content;  ///< the content of a message; empty: a title was sent
    std::string title;
  };
  std::string me_;
  std::string secret_;
  std::string how_;
  std::string describing_;
  std::set<std::string> since_;
  std::map<std::string, Followed> before_;  ///< the sequences of the previous connection
  std::map<std::string, KnownChannel> channels_;
  std::map<std::string, std::string> nicks_;
  Followed inbox_;
  std::map<std::string, Expected> expected_;
  std::vector<Run> runs_;
  std::vector<std::string> errors_;
  bool calm_ = false;
};

}  // namespace signaller::tests
