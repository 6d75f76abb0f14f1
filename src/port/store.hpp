// The interface of a store: load, save, status. One contract test runs on each store.
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
  std::string prefix;  ///< prefix of the records' keys
  /// Log lines about records that could not be read and were left out, each with its key.
  std::vector<std::string> skipped;
  /// Why the store must not be used: another schema, another secret key, or another running server.
  /// Empty: the store may be used.
  std::string error;
};

/// The answer to one `save`. `ok` is true only if the whole batch is kept as durably as the store
/// can. If `ok` is false, a part of the batch may be kept nevertheless: save the batch again.
struct Stored {
  std::uint64_t token = 0;
  bool ok = false;
  std::vector<std::string>
      left_out{};  ///< with `ok`: msgids of messages that the store will never accept
};

/// The keys of the records that a store has. The protocol deletes stored records of peers, channels
/// and so on that it does not have in memory.
struct StoredNames {
  std::vector<std::string> peers;
  std::vector<std::string> channels;                         ///< folded names
  std::vector<std::pair<std::string, std::string>> members;  ///< channel, peer
  std::vector<std::string> logs;                             ///< channels with stored messages
  std::vector<std::string> mail;                             ///< peers with stored private messages
  std::vector<std::string> bans;                             ///< subjects of server bans
};

/// A change of state that a store reports by itself, after its `load` has been answered.
struct StoreEvent {
  enum class Kind : std::uint8_t {
    Away,    ///< accepts nothing now; the batch in progress has been answered with `ok` false
    Ready,   ///< accepts batches again
    Fenced,  ///< another server has taken over: nothing is written any more
  };
  Kind kind = Kind::Ready;
  bool incomplete =
      false;        ///< with Ready: stored records may be lost, so everything must be saved again
  std::string why;  ///< reason, for operators
  StoredNames names{};  ///< with `incomplete`: the present contents of the store, which may be old
                        ///< or foreign
};

struct StoreStatus {
  std::string kind;             ///< "memory", "redis"
  bool durable = false;         ///< whether the data outlives the process
  bool ready = false;           ///< whether the store accepts batches now
  std::string problem;          ///< why the store is not ready; empty: it is ready
  std::uint64_t records = 0;    ///< number of records in the store, if known
  std::uint64_t written = 0;    ///< number of records stored since the start
  std::uint64_t batches = 0;    ///< number of batches stored since the start
  std::uint64_t errors = 0;     ///< number of batches and commands that failed since the start
  std::uint64_t queued = 0;     ///< number of records of the batch in progress
  std::int64_t written_ms = 0;  ///< Unix time when the last batch was stored; 0: none was
  std::int64_t latency_us = 0;  ///< duration of the last batch
};

/// A store. Virtual because the configuration selects the store. All calls come from the core's
/// thread, and all callbacks run on it.
class Store {
 public:
  /// The callbacks may be std::functions, because each is called at most a few times for each
  /// batch.
  using OnRestored = std::function<void(Restored)>;
  using OnStored = std::function<void(Stored)>;
  using OnEvent = std::function<void(const StoreEvent&)>;
  using OnClosed = std::function<void()>;
  using OnProblem = std::function<void(const std::string&)>;

  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  /// Reads everything that was saved. Called once, before the first `save`. `done` is called
  /// exactly once, possibly before `load` returns.
  virtual void load(const OnRestored& done) = 0;
  /// Stores one batch; its records take effect in order. One batch is in progress at a time. `done`
  /// is called exactly once, possibly before `save` returns. An exception means that the store has
  /// not taken the batch and does not call `done`.
  virtual void save(std::vector<Record> records, std::uint64_t token, const OnStored& done) = 0;
  /// Ends the use of the store. The protocol saves no further batch, so another server may take the
  /// store over at once.
  virtual void close(const OnClosed& done) = 0;
  [[nodiscard]] virtual StoreStatus status() const = 0;

  /// Called for each StoreEvent. Set on_event and on_problem before `load`.
  OnEvent on_event;
  /// Called whenever the reason why the store is not ready changes, also during the load. An empty
  /// reason: the store is ready.
  OnProblem on_problem;
};

}  // namespace signaller::port
