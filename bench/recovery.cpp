// The state before and after a crash: peers with known secrets in channels with history.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "clock.hpp"
#include "frame_reader.hpp"
#include "history_writer.hpp"
#include "identity.hpp"
#include "modes.hpp"
#include "server_line.hpp"

namespace signaller::bench {
namespace {

// Peers that are connected at the same time; all others are suspended.
constexpr std::size_t BatchSize = 5'000;
constexpr std::int64_t ReplayTimeout = ns(15);  // the run ends after this time without a line

/// A peer that resumes after the crash.
struct ReturningPeer {
  std::vector<bool> entries;  ///< whether each message was received again
  bool resumed = false;
  bool in_channel = false;
  bool told = false;  ///< the REPLAY end line has come
  [[nodiscard]] bool whole() const {
    return resumed && in_channel && told &&
           std::all_of(entries.begin(), entries.end(), [](bool it) { return it; });
  }
};

class ReturningPeers final : public Sink {
 public:
  ReturningPeers(ClientPool& pool, const LoadOptions& options) : pool_(pool), options_(options) {}

  void run() {
    all_.resize(std::min(options_.sample, options_.peers));
    for (std::size_t i = 0; i < all_.size() && pool_.open(); ++i) {
      all_[i].entries.resize(options_.entries);
    }
    last_line_ns_ = now_ns();
    while (over_ < all_.size() && pool_.lost() == 0 && now_ns() - last_line_ns_ < ReplayTimeout) {
      pool_.round(100, *this);
    }
  }

  std::size_t on_bytes(Peer& peer, std::string_view bytes) override {
    last_line_ns_ = now_ns();
    std::size_t used = 0;
    if (peer.state == Peer::State::Handshaking) {
      const auto end = bytes.find("\r\n\r\n");
      if (end == std::string_view::npos) return 0;
      used = end + 4;
      peer.state = Peer::State::Registering;
      come_back(peer);
    }
    return used + for_each_line(pool_, peer, bytes.substr(used),
                                [&](std::string_view line) { on_line(peer, line); });
  }

  [[nodiscard]] std::size_t whole() const {
    return static_cast<std::size_t>(std::count_if(
        all_.begin(), all_.end(), [](const ReturningPeer& one) { return one.whole(); }));
  }

 private:
  /// Returns the number of the peer with this index in the sample. Spreads the sample over all
  /// peers, and over the members of channels.
  [[nodiscard]] std::size_t number_of(std::size_t index) const {
    return index * options_.peers / all_.size() +
           index % options_.arrival.channel_size % (options_.peers / all_.size());
  }
  [[nodiscard]] std::string channel_of(std::size_t index) const {
    return "#b" + std::to_string(number_of(index) / options_.arrival.channel_size);
  }

  /// Sends a /descp with a position of an unknown epoch, which requests the whole history.
  void come_back(Peer& peer) {
    const auto identity = identity_of(number_of(peer.index));
    std::string frame;
    append_masked(frame, Opcode::Text,
                  fmt::format(R"(/descp {{"id":"{}","secret":"{}","since":{{"{}":"00000000:0"}}}})",
                              identity.id, identity.secret, channel_of(peer.index)));
    pool_.send(peer, frame);
  }

  void on_line(Peer& peer, std::string_view line) {
    auto& one = all_[peer.index];
    const auto message = without_source(line);
    const auto channel = channel_of(peer.index);
    if (message.substr(0, 8) == "SESSION ") {
      one.resumed = message.find(" resumed ") != std::string_view::npos;
      if (!one.resumed) ++over_;  // without a session, no replay follows
    } else if (message.substr(0, 9 + channel.size()) == "CHANNEL " + channel + " ") {
      one.in_channel = true;
    } else if (message.substr(0, 9 + channel.size()) == "PUBMSG " + channel + " :") {
      on_entry(one, message.substr(9 + channel.size()));
    } else if (message == "REPLAY " + channel + " end") {
      one.told = true;
      ++over_;
    } else if (is_refusal(message)) {
      pool_.fail(peer, line);
    }
  }

  /// Notes a message of the replay. A duplicate or an unknown message makes the peer count as
  /// failed.
  static void on_entry(ReturningPeer& one, std::string_view content) {
    std::size_t number = 0;
    std::from_chars(content.data(), content.data() + content.size(), number);
    if (number >= one.entries.size() || one.entries[number]) {
      one.resumed = false;
    } else {
      one.entries[number] = true;
    }
  }

  ClientPool& pool_;
  const LoadOptions& options_;
  std::vector<ReturningPeer> all_;
  std::size_t over_ = 0;  // peers that have received everything expected
  std::int64_t last_line_ns_ = 0;
};

/// Registers a number of peers, in whole channels, and fills their channels.
std::string populate_batch(const LoadOptions& options, std::size_t first, std::size_t count) {
  ClientPool pool(options.target, options.headers);
  RegistrationOptions arrival = options.arrival;
  arrival.known = true;
  arrival.first = first;
  Registration registration(pool, arrival);
  if (registration.join_peers(count)) {
    registration.wait_until_quiet(100);
    HistoryWriter(pool, registration, arrival.channel_size, options.entries).run();
  }
  return pool.failure();
}

}  // namespace

Outcome run_populate(const LoadOptions& options) {
  const std::size_t size = options.arrival.channel_size;
  const std::size_t batch_size = std::max(BatchSize / size, std::size_t{1}) * size;
  const auto begin = now_ns();
  Outcome outcome;
  std::size_t came = 0;
  while (came < options.peers && outcome.failure.empty()) {
    const auto count = std::min(batch_size, options.peers - came);
    outcome.failure = populate_batch(options, came, count);
    came += count;
  }
  outcome.report.text("mode", "populate")
      .count("peers", came)
      .count("channel_size", size)
      .count("entries", options.entries)
      .figure("seconds", seconds(now_ns() - begin), 2);
  return outcome;
}

Outcome run_return(const LoadOptions& options) {
  ClientPool pool(options.target, options.headers);
  ReturningPeers back(pool, options);
  const auto begin = now_ns();
  back.run();
  Outcome outcome{Report(), pool.failure()};
  const auto wanted = std::min(options.sample, options.peers);
  if (outcome.failure.empty() && back.whole() < wanted) {
    outcome.failure = "some peers did not get their session, channel and history";
  }
  outcome.report.text("mode", "return")
      .count("sample", wanted)
      .count("whole", back.whole())
      .figure("seconds", seconds(now_ns() - begin), 3);
  return outcome;
}

}  // namespace signaller::bench
