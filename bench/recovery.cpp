// Before and after a crash: peers with known secrets in channels with something to tell again.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "clock.hpp"
#include "hearing.hpp"
#include "identity.hpp"
#include "line.hpp"
#include "modes.hpp"
#include "talk.hpp"

namespace signaller::bench {
namespace {

constexpr std::size_t Wave = 5'000;        // connections at a time: the others are suspended
constexpr std::int64_t RecoveryPatience = ns(15);  // without any line

/// One that comes back.
struct Returned {
  std::vector<bool> entries;  ///< which it was told again
  bool resumed = false;
  bool in_channel = false;
  bool told = false;  ///< the end of its replay has come
  [[nodiscard]] bool whole() const {
    return resumed && in_channel && told &&
           std::all_of(entries.begin(), entries.end(), [](bool it) { return it; });
  }
};

class Return final : public Sink {
 public:
  Return(Pool& pool, const LoadOptions& options) : pool_(pool), options_(options) {}

  void run() {
    all_.resize(std::min(options_.sample, options_.peers));
    for (std::size_t i = 0; i < all_.size() && pool_.open(); ++i) {
      all_[i].entries.resize(options_.entries);
    }
    last_line_ns_ = now_ns();
    while (over_ < all_.size() && pool_.lost() == 0 && now_ns() - last_line_ns_ < RecoveryPatience) {
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
    return used + hear(pool_, peer, bytes.substr(used),
                       [&](std::string_view line) { on_line(peer, line); });
  }

  [[nodiscard]] std::size_t whole() const {
    return static_cast<std::size_t>(
        std::count_if(all_.begin(), all_.end(), [](const Returned& one) { return one.whole(); }));
  }

 private:
  /// Spread over all peers, and not always the same members of their channels.
  [[nodiscard]] std::size_t number_of(std::size_t index) const {
    return index * options_.peers / all_.size() +
           index % options_.arrival.channel_size % (options_.peers / all_.size());
  }
  [[nodiscard]] std::string channel_of(std::size_t index) const {
    return "#b" + std::to_string(number_of(index) / options_.arrival.channel_size);
  }

  /// A position in another epoch than the channel's is answered with everything that is kept.
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
      if (!one.resumed) ++over_;  // nobody knows it: nothing more comes
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

  /// Twice is as wrong as never.
  static void on_entry(Returned& one, std::string_view content) {
    std::size_t number = 0;
    std::from_chars(content.data(), content.data() + content.size(), number);
    if (number >= one.entries.size() || one.entries[number]) {
      one.resumed = false;
    } else {
      one.entries[number] = true;
    }
  }

  Pool& pool_;
  const LoadOptions& options_;
  std::vector<Returned> all_;
  std::size_t over_ = 0;  // of whom everything has come that was awaited
  std::int64_t last_line_ns_ = 0;
};

/// So many peers, whole channels of them, come and say what they have to say.
std::string bring_wave(const LoadOptions& options, std::size_t first, std::size_t count) {
  Pool pool(options.target, options.headers);
  Arrival arrival = options.arrival;
  arrival.known = true;
  arrival.first = first;
  Registrar registrar(pool, arrival);
  if (registrar.bring(count)) {
    registrar.settle(100);
    Talk(pool, registrar, arrival.channel_size, options.entries).run();
  }
  return pool.trouble();
}

}  // namespace

Outcome run_populate(const LoadOptions& options) {
  const std::size_t size = options.arrival.channel_size;
  const std::size_t wave = std::max(Wave / size, std::size_t{1}) * size;
  const auto begin = now_ns();
  Outcome outcome;
  std::size_t came = 0;
  while (came < options.peers && outcome.trouble.empty()) {
    const auto count = std::min(wave, options.peers - came);
    outcome.trouble = bring_wave(options, came, count);
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
  Pool pool(options.target, options.headers);
  Return back(pool, options);
  const auto begin = now_ns();
  back.run();
  Outcome outcome{Report(), pool.trouble()};
  const auto wanted = std::min(options.sample, options.peers);
  if (outcome.trouble.empty() && back.whole() < wanted) {
    outcome.trouble = "not everybody has their session, channel and log";
  }
  outcome.report.text("mode", "return")
      .count("sample", wanted)
      .count("whole", back.whole())
      .figure("seconds", seconds(now_ns() - begin), 3);
  return outcome;
}

}  // namespace signaller::bench
