// An edge without sockets: carries effects out in memory, as port/ defines them.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "persist/memory_store.hpp"
#include "port/protocol.hpp"

namespace signaller::transcript {

/// One client, and the received lines that the test has not expected yet.
struct Client {
  port::ConnectionId id;
  bool open = false;
  bool held = false;       ///< frames of the client wait for a Release
  bool stalled = false;    ///< the test delays the on_drain of this client
  bool lingers = false;    ///< the test delays the client's on_close after a Close
  std::uint16_t gone = 0;  ///< the close code of the delayed on_close
  /// The code with which the client closed. Frames that arrived before the close are handled first.
  std::uint16_t last_word = 0;
  bool draining = false;  ///< a Send with `more` was written, and on_drain is pending
  std::size_t frame_limit = 0;
  std::deque<std::string> received;
  std::deque<std::string> unconfirmed;  ///< frames that wait for on_drain
  struct Subscription {
    port::Form form = 0;
    bool quiet = false;
  };
  std::map<port::TopicId, Subscription> topics;
};

/// The answers of the edge's services; set by the test.
struct Answers {
  bool verifier_stalls = false;   ///< verifications are not answered
  bool verifier_busy = false;     ///< verifications are refused
  bool store_stalls = false;      ///< batches are not answered
  bool store_fails = false;       ///< batches are refused: the store is unreachable
  bool store_leaves_out = false;  ///< batches are stored without their messages
  bool reload_ok = true;
  std::vector<port::Stat> reload_stats;
  std::vector<port::Stat> counts;
  /// Called for a reload that succeeds. A std::function, because the test sets it.
  std::function<void()> reload;
};

/// Returns the end of a connection as transcripts write it; cuts the reason as the real edge does.
std::string closed_line(std::uint16_t code, std::string_view reason);

/// Drives one protocol. Every input is a turn of its own; its consequences are complete when a call
/// returns, except for stalled clients and the clock.
class Edge {
 public:
  explicit Edge(port::Protocol& protocol);

  void connect(const std::string& name, const std::string& address);
  /// Sends a line. Lines of a client that the server has closed still arrive while on_close is
  /// delayed.
  void send(const std::string& name, std::string frame);
  /// The client closes the connection; code 1006: the connection is lost. Frames that were sent
  /// before are processed first.
  void close(const std::string& name, std::uint16_t code);
  void stall(const std::string& name);
  void drain(const std::string& name);
  void linger(const std::string& name) { clients_.at(name).lingers = true; }
  /// Delivers the delayed on_close of a client.
  void go(const std::string& name);
  void advance(std::int64_t ms);
  /// Changes the wall clock, forwards or back.
  void set_clock(std::int64_t by_ms) { now_.unix_ms += by_ms; }
  /// Answers the delayed verifications.
  void verify_waiting();
  /// Sets the store's state. `stalls`, `goes on`: delays and answers batches; `is away`, `is back`,
  /// `is back empty`.
  void set_store(std::string_view what);
  /// Another server takes over the store: after a crash of this one, or (`asked`) after its regular
  /// shutdown. All connections are gone.
  void follow(port::Protocol& follower, bool asked);
  /// Handles a plain HTTP request.
  void get(const std::string& path, const std::string& query, const std::string& host);
  void shut_down();
  /// Closes all remaining connections.
  void close_all();

  [[nodiscard]] std::map<std::string, Client>& clients() { return clients_; }
  [[nodiscard]] bool is_open(const std::string& name) const;
  /// Whether on_open has been called for the connection, and on_close has not.
  [[nodiscard]] bool knows(port::ConnectionId id) const { return known_.count(id) != 0; }
  /// The records in the protocol's store.
  [[nodiscard]] port::Snapshot stored();
  /// The records that the last server left out when it loaded the store.
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
  [[nodiscard]] Answers& answers() { return answers_; }
  /// Audit lines that the test has not expected yet.
  [[nodiscard]] std::deque<port::AuditRecord>& audited() { return audited_; }
  /// Returns the banned ranges. Banned clients may still connect here, so that tests see the
  /// protocol's answer.
  [[nodiscard]] const std::vector<port::BannedRange>& banned_ranges() const {
    return banned_ranges_;
  }
  /// Returns violations of the contract of port/, as sentences.
  [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }

 private:
  using Input = std::function<port::Effects()>;

  void run(Input input);
  void carry_out(const port::Effects& effects);
  void apply(const port::Send& send);
  void apply(const port::Publish& publish);
  void apply(const port::PublishUnion& publish);
  void apply(const port::Subscribe& subscribe);
  void apply(const port::Unsubscribe& unsubscribe);
  void apply(const port::Close& close);
  void apply(const port::FrameLimit& limit);
  void apply(const port::Wake& wake);
  void apply(const port::Persist& persist);
  void apply(const port::Verify& verify);
  void apply(const port::Hold& hold);
  void apply(const port::Release& release);
  void apply(const port::Query& ask);
  void apply(const port::Audit& audit);
  void apply(const port::BanList& bar);
  void apply(const port::Respond& respond);
  void apply(const port::AcceptUpgrade& accept);

  Client* find(port::ConnectionId id);
  Client* addressed(port::ConnectionId id);
  void deliver(Client& client, const std::string& line);
  void deliver(Client& client, const port::Forms& forms, port::Form form);
  void end(Client& client, std::uint16_t code, bool by_server);
  void hear(Client& client);
  port::Effects hear_next(port::ConnectionId id);
  port::Effects tell_closed(port::ConnectionId id, std::uint16_t code, bool by_server);
  void save(const port::Persist& persist);
  void fault(const std::string& what);

  void store_waiting();
  void tell_store(port::StoreEvent::Kind kind, bool incomplete = false);

  port::Protocol* protocol_;
  std::unique_ptr<persist::MemoryStore> store_ = std::make_unique<persist::MemoryStore>();
  std::vector<std::string> problems_;
  std::map<std::string, Client> clients_;
  std::deque<Input> inputs_;
  Answers answers_;
  std::deque<port::Verify> unverified_;
  std::deque<port::Persist> unstored_;
  /// Connections after on_open and before the end of on_close.
  std::unordered_set<port::ConnectionId> known_;
  std::deque<port::AuditRecord> audited_;
  std::vector<port::BannedRange> banned_ranges_;
  std::vector<std::string> faults_;
  port::Instant now_{1'700'000'000'000, 1'000'000};
  std::int64_t wake_ms_ = 0;  ///< steady time; 0: none
  std::uint32_t generation_ = 0;
  bool running_ = false;
};

}  // namespace signaller::transcript
