#include "cli/restore_dry_run.hpp"

#include <chrono>

#include "commands/session/slash_state.hpp"
#include "irc/world_loader.hpp"

namespace signaller {
namespace {

/// For numbers and epochs that nobody sees.
class Counting final : public port::Random {
 public:
  std::uint64_t next() override { return ++last_; }

 private:
  std::uint64_t last_ = 0;
};

}  // namespace

std::vector<std::string> not_restorable(const Config& config, const port::Snapshot& snapshot) {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count();
  Counting random;
  port::TopicNumbers topics;
  irc::World world(topics, commands::world_limits(config.slash));
  irc::WorldLoader restoring(world, random, {ms, ms}, config.slash.label_ms);
  restoring.take(snapshot);
  return restoring.problems();
}

}  // namespace signaller
