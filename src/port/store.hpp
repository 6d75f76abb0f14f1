// The store, as the core sees it: load, save, status. One contract test runs on each of them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "port/records.hpp"

namespace signaller::port {

/// The answer to a `load`.
struct Restored {
  Snapshot snapshot;
  std::string prefix;  ///< of the keys that the records stand under
  /// What could not be read and was left out, each with its key, fit for a log.
  std::vector<std::string> skipped;
  /// Not empty: the store must not be used, and why (another schema, another secret key, another
  /// server that is alive).
  std::string error;
};

/// The answer to one `save`: `ok` only if all of the batch is kept as durably as the store can. If
/// not, some of it may be kept all the same: it is to be saved again.
struct Stored {
  std::uint64_t token = 0;
  bool ok = false;
  std::vector<std::string> left_out{};  ///< of ok: msgids that the store does not take, ever
};

/// What a store names: the keys of its records. What memory does not have of it has to go.
struct StoredNames {
  std::vector<std::string> peers;
  std::vector<std::string> channels;                         ///< folded
  std::vector<std::pair<std::string, std::string>> members;  ///< channel, peer
  std::vector<std::string> logs;                             ///< channels that keep messages
  std::vector<std::string> mail;                             ///< peers with something in the inbox
  std::vector<std::string> bans;                             ///< of the server
};

/// What a store says by itself, after its `load` has been answered.
struct StoreEvent {
  enum class Kind : std::uint8_t {
    Away,    ///< takes nothing now; what was under way has been answered as not ok
    Ready,   ///< takes batches again
    Fenced,  ///< another server has taken over: nothing will be written any more
  };
  Kind kind = Kind::Ready;
  bool incomplete = false;  ///< of Ready: what was stored before may be gone, save it all again
  std::string why;          ///< for operators
  StoredNames names{};      ///< of incomplete: what is there now, older or foreign as it may be
};

struct StoreStatus {
  std::string kind;             ///< "memory", "redis"
  bool durable = false;         ///< survives the process
  bool ready = false;           ///< takes writes now
  std::string problem;          ///< why it is not ready; empty: it is
  std::uint64_t records = 0;    ///< held now, where that is known
  std::uint64_t written = 0;    ///< records taken since start
  std::uint64_t batches = 0;    ///< stored since start
  std::uint64_t errors = 0;     ///< batches and commands that failed since start
  std::uint64_t queued = 0;     ///< records that wait for an answer
  std::int64_t written_ms = 0;  ///< Unix: when the last batch was stored; 0: none was
  std::int64_t latency_us = 0;  ///< how long the last batch took
};

/// Virtual because the process chooses one at start. All calls come from the core's thread, and all
/// answers are given on it.
class Store {
 public:
  /// std::function: called at the edge, once a batch.
  using OnRestored = std::function<void(Restored)>;
  using OnStored = std::function<void(Stored)>;
  using OnEvent = std::function<void(const StoreEvent&)>;
  using OnClosed = std::function<void()>;
  using OnProblem = std::function<void(const std::string&)>;

  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  /// Reads everything that was saved; before the first `save`. `done` is called exactly once, maybe
  /// before `load` returns.
  virtual void load(const OnRestored& done) = 0;
  /// Takes one batch; its records take effect in order. One is under way at a time. `done` is
  /// called exactly once, maybe before `save` returns.
  virtual void save(std::vector<Record> records, std::uint64_t token, const OnStored& done) = 0;
  /// No further batch comes: what the store holds is another server's to take over at once.
  virtual void close(const OnClosed& done) = 0;
  [[nodiscard]] virtual StoreStatus status() const = 0;

  /// Both set before `load`.
  OnEvent on_event;
  OnProblem on_problem;  ///< why it is not ready, also while it loads, whenever that changes;
                         ///< empty: it is
};

}  // namespace signaller::port
