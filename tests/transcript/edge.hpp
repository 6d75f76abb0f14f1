// The edge without sockets: carries effects out, in memory, with the meaning that port/ gives them.
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

/// One client and what it received and has not been asked for yet.
struct Client {
  port::ConnectionId id;
  bool open = false;
  bool held = false;            ///< no frame is heard before a Release
  bool stalled = false;         ///< the test holds its on_drain back
  bool lingers = false;         ///< the test holds its on_close back if the server closes it
  std::uint16_t gone = 0;       ///< that on_close, by its code
  std::uint16_t last_word = 0;  ///< it has gone by itself, with this code, but is still heard
  bool draining = false;        ///< a Send with `more` has gone out, on_drain has not come
  std::size_t frame_limit = 0;
  std::deque<std::string> received;
  std::deque<std::string> unconfirmed;  ///< frames that wait for on_drain
  struct Subscription {
    port::Form form = 0;
    bool quiet = false;
  };
  std::map<port::TopicId, Subscription> topics;
};

/// What the services of the edge say when they are asked; a test sets it.
struct Answers {
  bool verifier_stalls = false;   ///< verifications wait
  bool verifier_busy = false;     ///< they are refused
  bool store_stalls = false;      ///< batches wait
  bool store_fails = false;       ///< they are refused: the store is away
  bool store_leaves_out = false;  ///< they are stored, but for their messages
  bool reload_ok = true;
  std::vector<port::Stat> reload_stats;
  std::vector<port::Stat> counts;
  /// Called when the protocol asks for a reload that succeeds. std::function: set by the test.
  std::function<void()> reload;
};

/// How the end of a connection is written in a transcript; its reason cut as the real edge does.
std::string closed_line(std::uint16_t code, std::string_view reason);

/// Drives one protocol. Every input ends a turn; what it causes is done before a call returns,
/// but for what a stalled client holds back and what waits for the clock.
class Edge {
 public:
  explicit Edge(port::Protocol& protocol);

  void connect(const std::string& name, const std::string& address);
  /// What one says whom the server has closed is on its way as long as its on_close is held back.
  void send(const std::string& name, std::string frame);
  /// The client ends the connection; 1006: it is lost. What it said and nobody has heard is heard.
  void close(const std::string& name, std::uint16_t code);
  void stall(const std::string& name);
  void drain(const std::string& name);
  void linger(const std::string& name) { clients_.at(name).lingers = true; }
  /// The on_close of one who lingers, long after its Close.
  void go(const std::string& name);
  void advance(std::int64_t ms);
  /// Somebody sets the wall clock, on or back.
  void set_clock(std::int64_t by_ms) { now_.unix_ms += by_ms; }
  /// Answers what has waited for the verifier.
  void verify_waiting();
  /// `stalls`, `goes on`: batches wait for an answer; `is away`, `is back`, `is back empty`.
  void set_store(std::string_view what);
  /// Another server takes over what is stored: this one has died, or (`asked`) ends as it should
  /// before. Nobody is connected then.
  void follow(port::Protocol& follower, bool asked);
  /// A plain HTTP request.
  void get(const std::string& path, const std::string& query, const std::string& host);
  void shut_down();
  /// Everybody who is still here goes.
  void close_all();

  [[nodiscard]] std::map<std::string, Client>& clients() { return clients_; }
  [[nodiscard]] bool is_open(const std::string& name) const;
  /// Whether on_open has come for it, and on_close has not.
  [[nodiscard]] bool knows(port::ConnectionId id) const { return known_.count(id) != 0; }
  /// What the protocol has in its store.
  [[nodiscard]] port::Snapshot stored();
  /// What a server that takes over left out.
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
  [[nodiscard]] Answers& answers() { return answers_; }
  /// What it wrote to the audit log and the test has not asked for yet.
  [[nodiscard]] std::deque<port::AuditRecord>& audited() { return audited_; }
  /// Who may not connect. Here they may all the same, so that the protocol's own word is heard.
  [[nodiscard]] const std::vector<port::BannedRange>& barred() const { return barred_; }
  /// What the protocol did against port/'s contract, in sentences.
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
  std::unordered_set<port::ConnectionId> known_;  ///< on_open has come, on_close is not over
  std::deque<port::AuditRecord> audited_;
  std::vector<port::BannedRange> barred_;
  std::vector<std::string> faults_;
  port::Instant now_{1'700'000'000'000, 1'000'000};
  std::int64_t wake_ms_ = 0;  ///< steady; 0: none
  std::uint32_t generation_ = 0;
  bool running_ = false;
};

}  // namespace signaller::transcript
