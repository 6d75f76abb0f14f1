// The slash protocol as a whole: lines come in, effects go out. The folder holds its grammar, gate,
// verbs and sessions; no sockets, clocks, threads or storage. Everything in commands/ runs on the
// core's thread.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "commands/session/options.hpp"
#include "irc/world.hpp"
#include "port/protocol.hpp"
#include "port/resources.hpp"

namespace signaller::commands {

struct SlashState;

/// The native protocol (docs/protocol.rst). The protocol owns its sessions; the application owns
/// the world. Every call comes from the core's thread. Calls about connections that have gone are
/// ignored.
class SlashProtocol final : public port::Protocol {
 public:
  /// The name of this protocol in `paths` of server.conf.
  static constexpr std::string_view Name = "slash";

  /// @param resources  the parts that it refers to must outlive the protocol
  /// @param world      the peers and channels; must outlive the protocol
  SlashProtocol(Options options, const port::Resources& resources, irc::World& world);
  ~SlashProtocol() override;

  static std::vector<port::Endpoint> paths();

  [[nodiscard]] std::vector<port::Endpoint> endpoints() const override { return paths(); }
  [[nodiscard]] std::size_t first_frame_limit() const override;

  port::Effects on_open(const port::Opened& opened, port::Instant now) override;
  port::Effects on_text(port::ConnectionId from, std::string_view text, port::Instant now) override;
  port::Effects on_gone(port::ConnectionId who, port::Instant now) override;
  port::Effects on_close(const port::Closed& closed, port::Instant now) override;
  port::Effects on_http(const port::HttpRequest& request, port::Instant now) override;
  port::Effects on_tick(port::Instant now) override;
  port::Effects on_drain(port::ConnectionId who, port::Instant now) override;
  port::Effects on_restored(port::Snapshot& snapshot, std::vector<std::string>& problems,
                            port::Instant now) override;
  port::Effects on_store(const port::StoreEvent& event, port::Instant now) override;
  [[nodiscard]] bool has_begun() const override;
  [[nodiscard]] bool is_saved() const override;
  /// A log line that tells how many peers, channels and ids were restored.
  [[nodiscard]] std::string restored_text() const;
  port::Effects on_stored(const port::Stored& stored, port::Instant now) override;
  port::Effects on_verified(port::Verified verified, port::Instant now) override;
  port::Effects on_query_result(const port::QueryResult& answer, port::Instant now) override;
  port::Effects on_turn_end(port::Instant now) override;
  port::Effects on_shutdown(port::Instant now) override;

  [[nodiscard]] port::Metrics metrics(port::Instant now) const override;

  /// Replaces the options. Options that cannot change while the server runs keep their values: the
  /// server's name, node, boot, version, start time and durability.
  void reload(Options options);

 private:
  std::unique_ptr<SlashState> slash_;
};

}  // namespace signaller::commands
