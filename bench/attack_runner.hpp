// Runs all attackers on one thread, bounded in number, rate and time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <queue>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "attack_kinds.hpp"
#include "attack_reader.hpp"
#include "target.hpp"

namespace signaller::bench {

struct AttackOptions {
  double seconds = 10;
  double scale = 1;  ///< factor for the number of attackers
  std::uint32_t seed = 1;
};

/// The results of one kind of attackers.
struct KindTotals {
  const AttackKind* kind = nullptr;
  std::size_t attackers = 0;
  std::uint64_t connections = 0;  ///< connections that were started
  std::size_t open = 0;
  std::size_t most_open = 0;
  Counts over;  ///< number of ends by reason: HTTP status, close code, `cut`, `no_connect`, `left`
  Counts refused;  ///< number of refused lines by code
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_bytes = 0;
};

class AttackRunner {
 public:
  AttackRunner(Target target, const std::vector<const AttackKind*>& kinds,
               const AttackOptions& options);
  AttackRunner(const AttackRunner&) = delete;
  AttackRunner& operator=(const AttackRunner&) = delete;
  ~AttackRunner();

  /// Runs until the time is over; then all attackers disconnect.
  void run();
  [[nodiscard]] const std::deque<KindTotals>& all_totals() const { return all_totals_; }

 private:
  enum class State : std::uint8_t { Away, Connecting, Handshaking, Open };
  struct Attacker {
    KindTotals* totals = nullptr;
    std::size_t number = 0;
    int fd = -1;
    State state = State::Away;
    std::uint64_t connection = 0;
    std::uint64_t step = 0;
    std::int64_t due_ns = 0;  ///< time of the next step
    std::string tail;         ///< an incomplete frame
    std::string unsent;
  };
  using Due = std::pair<std::int64_t, std::size_t>;  // time and index of an attacker

  void add_attackers(const AttackKind& kind);
  void set_due(Attacker& attacker, double after_s);
  void act(Attacker& attacker);
  void connect(Attacker& attacker);
  void connected(Attacker& attacker);
  void take_step(Attacker& attacker);
  void send(Attacker& attacker);
  void handle(Attacker& attacker, std::uint32_t events);
  void read(Attacker& attacker);
  void parse_input(Attacker& attacker);
  void watch(const Attacker& attacker, int operation) const;
  void end(Attacker& attacker, const std::string& why);

  Target target_;
  AttackOptions options_;
  std::string request_;
  int epoll_ = -1;
  std::minstd_rand random_;
  std::deque<KindTotals> all_totals_;
  std::vector<Attacker> attackers_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::vector<char> buffer_;
};

}  // namespace signaller::bench
