// The edge lives in this folder: everything that touches sockets of clients. Server puts together
// listeners, shards, the core and their threads. Nothing here may know a protocol, only
// port::Protocol. The main thread makes the server and becomes the thread of shard 0.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "net/acceptor.hpp"
#include "net/core/core_thread.hpp"
#include "net/core/options.hpp"
#include "net/shard/shard.hpp"
#include "net/system/memory.hpp"

namespace signaller::net {

class Server {
 public:
  /// Binds all listeners.
  /// @param protocols  must outlive the server
  /// @throws std::runtime_error  names the invalid option, or the address that cannot be bound
  Server(ServerOptions options, std::vector<port::Protocol*> protocols, Services services);
  ~Server();

  /// Loads the store, serves until stop(), then closes all connections and returns. The close code
  /// is 1001, or 1012 if the store is durable: clients may reconnect and find their state. Shard 0
  /// runs on this thread.
  /// @throws std::runtime_error  the store must not be used, or another server has taken it over
  void run();
  /// Ends run(). Any thread.
  void stop();
  /// As stop(), but without close frames. Any thread.
  void stop_at_once();
  /// Sets new bounds and times. Any thread.
  void tune(const Tuning& tuning);
  /// Loads the certificate of the secure listeners again; open connections keep the previous one.
  /// Does nothing if no listener is secure. Any thread.
  /// @throws std::runtime_error  names the invalid file; the previous certificate stays in use
  void reload_certificate(const TlsFiles& files);
  /// The counters of the edge. Any thread.
  [[nodiscard]] port::Metrics metrics() const;
  /// The bound address of each listener, such as `127.0.0.1:3012`, in the order of the options.
  [[nodiscard]] std::vector<std::string> addresses() const;
  /// The context of shard 0, for signal handlers and the like.
  asio::io_context& context() { return loops_.front()->context(); }
  /// The context of the thread that runs the protocols. All code that uses the protocols must be
  /// posted to it.
  asio::io_context& core_context() { return core_loop().context(); }
  /// Called when a handler throws an exception. Only that handler ends. Any thread.
  std::function<void(const char*)> on_error;
  /// Called on shard 0's thread when the certificate's files have changed. `error` says why they
  /// could not be loaded; empty: they were loaded.
  std::function<void(const TlsFiles& files, const std::string& error)> on_certificate;
  /// Called when resident memory rises above the watermark, or falls below it again; both in bytes.
  /// On shard 0's thread.
  std::function<void(std::size_t resident, std::size_t watermark)> on_memory;

  /// The number of connections that the process's limit of descriptors allows (getrlimit(2)). Some
  /// descriptors are reserved for the operations listener and for files.
  static std::size_t connections_possible();

 private:
  struct Stopping;

  Routes routes_for(const ListenOptions& options) const;
  Loop& core_loop() { return core_loop_ ? *core_loop_ : *loops_.front(); }
  void make_core();
  [[nodiscard]] std::vector<port::Stat> stats() const;
  void make_shards();
  void take(int descriptor, const port::AddressRange& peer, std::uint16_t port,
            const Routes& routes);
  ConnectionRefusal judge(AcceptedSocket& accepted);
  void turn_away(const AcceptedSocket& accepted, const ConnectionRefusal& refusal);
  void run_turns();
  void open_listeners(bool operations);
  void load();
  void fail(const std::string& why);
  void close_everybody(bool come_back);
  void note_unsaved();
  void begin_fenced(const std::string& why);
  void begin_stop();
  void wait_for_shards();
  void stop_loops();
  void watch_certificate();
  void watch_memory();
  void return_memory(std::size_t resident);

  Shared shared_;
  std::vector<port::Protocol*> protocols_;
  std::vector<std::unique_ptr<Loop>> loops_;  ///< one loop for each shard
  std::unique_ptr<Loop> core_loop_;           ///< set only if the core has its own thread
  std::unique_ptr<CoreThread> core_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::shared_ptr<TlsIdentity> identity_;  ///< null: no listener is secure
  asio::steady_timer certificate_timer_;
  asio::steady_timer memory_timer_;
  unsigned memory_polls_ = 0;
  Trimming trimming_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  std::vector<std::thread> threads_;
  std::unique_ptr<Stopping> stopping_;
  std::size_t next_shard_ = 0;
  std::string failure_;  ///< the error that run() throws; empty: none
};

}  // namespace signaller::net
