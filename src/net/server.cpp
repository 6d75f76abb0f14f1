#include "net/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <asio/post.hpp>
#include <chrono>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <utility>

#include "net/core/mount.hpp"
#include "net/system/memory.hpp"

namespace signaller::net {
namespace {

constexpr std::chrono::milliseconds StopPoll{20};
constexpr const char* GoingAway = "the server is shutting down";
/// How long the store may take at the shutdown to write the remaining changes.
constexpr std::chrono::seconds StorePatience{10};
constexpr std::chrono::seconds CertificatePoll{2};
constexpr std::chrono::milliseconds MemoryPoll{250};
// number of memory polls between two checks whether to trim the heap; 20 polls take 5 s
constexpr unsigned PollsToTrim = 20;

/// Creates one loop for each shard.
std::vector<std::unique_ptr<Loop>> make_loops(std::size_t shards) {
  std::vector<std::unique_ptr<Loop>> loops;
  for (std::size_t i = 0; i < shards; ++i) loops.push_back(std::make_unique<Loop>());
  return loops;
}

/// Whether a listener serves this port of all IPv4 addresses. A listener of `[::]` with the same
/// port would also serve them, and the kernel refuses the second one.
bool port_serves_ipv4(const std::vector<ListenOptions>& listeners, std::uint16_t port) {
  return port != 0 && std::any_of(listeners.begin(), listeners.end(), [port](const auto& one) {
           return one.port == port && one.address == "0.0.0.0";
         });
}

}  // namespace

/// The state of a shutdown: close frames have been sent, and some clients have not answered yet.
struct Server::Stopping {
  explicit Stopping(asio::io_context& context) : timer(context) {}
  asio::steady_timer timer;
  std::chrono::steady_clock::time_point until;
};

Server::Server(ServerOptions options, std::vector<port::Protocol*> protocols, Services services)
    : protocols_(std::move(protocols)),
      loops_(make_loops(options.shards = shard_count(options))),
      certificate_timer_(loops_.front()->context()),
      memory_timer_(loops_.front()->context()) {
  steady_heap();
  (void)resident_bytes();  // the first call opens a descriptor and keeps it; later none may be free
  shared_.options = std::move(options);
  shared_.possible_connections = connections_possible();
  shared_.admission.tune(shared_.options.admission);
  shared_.watermark = memory_watermark(shared_.options.memory);
  const auto& listeners = shared_.options.listeners;
  if (std::any_of(listeners.begin(), listeners.end(), [](const auto& l) { return l.secure; })) {
    identity_ = std::make_shared<TlsIdentity>(shared_.options.tls);
  }
  const bool own_thread = shared_.options.core_thread;
  if (own_thread) core_loop_ = std::make_unique<Loop>();
  core_ = std::make_unique<CoreThread>(core_loop(), protocols_, std::move(services),
                                       own_thread ? -1 : 0);
  make_shards();
  make_core();
  for (ListenOptions listen : listeners) {
    listen.v6_only = port_serves_ipv4(listeners, listen.port);
    acceptors_.push_back(std::make_unique<Acceptor>(
        loops_.front()->context(), listen, routes_for(listen),
        [this](int descriptor, const port::AddressRange& peer, std::uint16_t port,
               const Routes& routes) { take(descriptor, peer, port, routes); },
        shared_.admissions));
  }
}

Server::~Server() {
  stop_loops();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void Server::make_shards() {
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    CoreLink core;
    if (i == 0 && !core_loop_) {
      core.local = core_.get();
    } else {
      core.post = [this, &home = core_context()](std::vector<Input> inputs) {
        asio::post(home, [this, inputs = std::move(inputs)]() mutable {
          for (Input& input : inputs) core_->take(std::move(input));
        });
      };
    }
    shards_.push_back(std::make_unique<Shard>(static_cast<std::uint16_t>(i), *loops_[i], shared_,
                                              std::move(core)));
  }
}

void Server::make_core() {
  core_->set_shards(shards_.size());
  core_->set_node(shared_.options.node);
  core_->net_stats = [this] { return stats(); };
  core_->on_store_problem = [this](const std::string& why) {
    const std::lock_guard lock(shared_.store_mutex);
    shared_.store_problem = why;
    shared_.degraded = !why.empty();
  };
  core_->on_fenced = [this](const std::string& why) {
    asio::post(loops_.front()->context(), [this, why] { begin_fenced(why); });
  };
  core_->bar = [this](std::size_t protocol, const port::BanList& bar) {
    shared_.admission.bar(protocol, bar);
  };
  core_->apply_local = [this](port::Effect& effect) { shards_.front()->apply(effect); };
  core_->post_to_shard = [this](std::size_t shard, std::vector<ShardMessage> orders) {
    asio::post(loops_[shard]->context(), [this, shard, orders = std::move(orders)] {
      for (const ShardMessage& order : orders)
        loops_[shard]->guarded([&] { shards_[shard]->obey(order); });
    });
  };
}

Routes Server::routes_for(const ListenOptions& options) const {
  Routes routes;
  routes.operations = options.operations;
  routes.proxy = options.proxy;
  if (options.secure) routes.tls = identity_;
  for (const Mount& mount : options.mounts) {
    bool known = false;
    for (std::size_t i = 0; i < protocols_.size(); ++i) {
      const port::Protocol& protocol = *protocols_[i];
      const MountedProtocol mounted{i, protocol.endpoints(), protocol.first_frame_limit()};
      known = add_mount(routes, mount, mounted, shared_.options) || known;
    }
    if (!known) {
      throw std::runtime_error("path " + mount.path + ": there is no protocol '" + mount.endpoint +
                               "'");
    }
  }
  return routes;
}

std::vector<std::string> Server::addresses() const {
  std::vector<std::string> names;
  names.reserve(acceptors_.size());
  for (const auto& acceptor : acceptors_) names.push_back(acceptor->name());
  return names;
}

void Server::run_turns() {
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    const bool with_core = i == 0 && !core_loop_;
    loops_[i]->on_error = on_error;
    loops_[i]->on_turn_end = [this, loop = loops_[i].get(), shard = shards_[i].get(), with_core] {
      loop->guarded([&] { shard->hand_over(); });
      if (with_core) loop->guarded([&] { core_->turn_end(); });
      shard->end_turn();
    };
  }
  if (!core_loop_) return;
  core_loop_->on_error = on_error;
  core_loop_->on_turn_end = [this] { core_->turn_end(); };
}

void Server::run() {
  run_turns();
  for (std::size_t i = 1; i < loops_.size(); ++i) {
    threads_.emplace_back([loop = loops_[i].get()] { loop->run(); });
  }
  if (core_loop_) threads_.emplace_back([loop = core_loop_.get()] { loop->run(); });
  open_listeners(true);
  load();
  if (identity_) watch_certificate();
  watch_memory();
  loops_.front()->run();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  if (!failure_.empty()) throw std::runtime_error(failure_);
}

/// Starts the operations listener or the others. The operations listener starts first, so that
/// /readyz can answer while the server still loads its data.
void Server::open_listeners(bool operations) {
  for (std::size_t i = 0; i < acceptors_.size(); ++i) {
    if (shared_.options.listeners[i].operations == operations) acceptors_[i]->start();
  }
}

void Server::load() {
  asio::post(core_context(), [this] {
    shared_.durable = core_->is_durable();
    core_->load([this](const std::string& error) {
      asio::post(loops_.front()->context(), [this, error] {
        if (stopping_) return;
        if (!error.empty()) return fail(error);
        open_listeners(false);
        shared_.ready = true;
      });
    });
  });
}

/// Stops the server; run() then throws this error.
void Server::fail(const std::string& why) {
  failure_ = why;
  stop_loops();
}

void Server::stop() {
  asio::post(loops_.front()->context(), [this] { begin_stop(); });
}

void Server::stop_at_once() {
  asio::post(loops_.front()->context(), [this] { stop_loops(); });
}

void Server::tune(const Tuning& tuning) {
  shared_.admission.tune(tuning.admission);
  asio::post(loops_.front()->context(),
             [this, tuning] { static_cast<Tuning&>(shared_.options) = tuning; });
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    asio::post(loops_[i]->context(), [this, i, tuning] { shards_[i]->tune(tuning); });
  }
}

void Server::reload_certificate(const TlsFiles& files) {
  if (identity_) identity_->reload(files);
}

/// Polls the certificate files, so that a renewal needs no signal. (inotify would miss a symbolic
/// link whose target changes, and many tools renew certificates that way.)
void Server::watch_certificate() {
  certificate_timer_.expires_after(CertificatePoll);
  certificate_timer_.async_wait([this](const std::error_code& error) {
    if (error) return;
    watch_certificate();
    const auto files = identity_->changed();
    if (!files) return;
    std::string problem;
    try {
      identity_->reload(*files);
    } catch (const std::runtime_error& bad) {
      problem = bad.what();
    }
    if (on_certificate) on_certificate(*files, problem);
  });
}

void Server::return_memory(std::size_t resident) {
  const std::size_t free = free_bytes();
  if (!trimming_.due(resident, free, shared_.connections)) return;
  trim_heap();
  trimming_.done(free);
}

/// Refuses new connections while memory is above the watermark, until it falls below nine tenths of
/// the watermark.
void Server::watch_memory() {
  memory_timer_.expires_after(MemoryPoll);
  memory_timer_.async_wait([this](const std::error_code& error) {
    if (error) return;
    watch_memory();
    const std::size_t watermark = memory_watermark(shared_.options.memory);
    shared_.watermark = watermark;
    const std::size_t resident = resident_bytes();
    if (++memory_polls_ % PollsToTrim == 0) return_memory(resident);
    const bool full = resident > (shared_.memory_full ? watermark / 10 * 9 : watermark);
    if (full == shared_.memory_full) return;
    shared_.memory_full = full;
    if (on_memory) on_memory(resident, watermark);
  });
}

std::vector<port::Stat> Server::stats() const {
  std::uint64_t deliveries = 0;
  std::uint64_t shed = 0;
  std::uint64_t too_slow = 0;
  std::uint64_t refused = shared_.admissions.refused.load(Relaxed);
  for (const auto& shard : shards_) {
    const ShardCounts& counts = shard->counts();
    deliveries += counts.deliveries.load(Relaxed);
    shed += counts.shed.load(Relaxed);
    too_slow += counts.too_slow.load(Relaxed);
    refused += counts.refused.load(Relaxed);
  }
  return {{"net", "connections", std::to_string(shared_.connections.load(Relaxed))},
          {"net", "accepted", std::to_string(shared_.admissions.accepted.load(Relaxed))},
          {"net", "refused", std::to_string(refused)},
          {"net", "deliveries", std::to_string(deliveries)},
          {"net", "shed", std::to_string(shed)},
          {"net", "too_slow", std::to_string(too_slow)},
          {"queues", "bytes", std::to_string(shared_.held.load(Relaxed))}};
}

/// Begins the shutdown, on shard 0: closes the listeners, lets the core shut down, then closes all
/// connections.
void Server::begin_stop() {
  if (stopping_) return;
  shared_.ready = false;
  shared_.leaving = true;
  for (auto& acceptor : acceptors_) acceptor->close();
  stopping_ = std::make_unique<Stopping>(loops_.front()->context());
  asio::post(core_context(), [this] {
    const bool durable = core_->is_durable();
    core_->shutdown(durable ? StorePatience : std::chrono::milliseconds(0),
                    [this, durable](bool saved) {
                      if (durable && !saved) note_unsaved();
                      close_everybody(durable);
                    });
    core_->turn_end();  // posts the effects of the shutdown to the shards before they close
  });
}

/// Makes run() report changes that were not stored. On the core's thread, before the loops end.
void Server::note_unsaved() {
  asio::post(loops_.front()->context(), [this] {
    failure_ =
        fmt::format("the store has confirmed no write for {} s: the changes since then are lost",
                    std::chrono::seconds(StorePatience).count());
  });
}

/// Shuts down because another server owns the store now. Clients then reconnect to that server.
void Server::begin_fenced(const std::string& why) {
  failure_ = "another server has taken over the store: " + why;
  begin_stop();
}

/// Closes all connections. On the core's thread; nothing more is stored afterwards.
void Server::close_everybody(bool come_back) {
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    asio::post(loops_[i]->context(), [this, i, come_back] {
      if (!come_back) return shards_[i]->close_all(1001, [] { return std::string(GoingAway); });
      std::uniform_int_distribution<std::int64_t> delay(0, shared_.options.return_within.count());
      shards_[i]->close_all(1012, [&delay,
                                   random = std::minstd_rand(std::random_device{}())]() mutable {
        return fmt::format("retry_ms={} the server restarts: reconnect after retry_ms milliseconds",
                           delay(random));
      });
    });
  }
  asio::post(loops_.front()->context(), [this] {
    stopping_->until = std::chrono::steady_clock::now() + shared_.options.close_timeout + StopPoll;
    wait_for_shards();
  });
}

void Server::wait_for_shards() {
  if (shared_.connections == 0 || std::chrono::steady_clock::now() >= stopping_->until) {
    return stop_loops();
  }
  stopping_->timer.expires_after(StopPoll);
  stopping_->timer.async_wait([this](const std::error_code& error) {
    if (!error) wait_for_shards();
  });
}

void Server::stop_loops() {
  for (auto& loop : loops_) loop->stop();
  if (core_loop_) core_loop_->stop();
}

}  // namespace signaller::net
