#include "cli/restore_dry_run.hpp"

#include <chrono>

#include "commands/session/slash_state.hpp"
#include "irc/world_loader.hpp"

namespace signaller {
namespace {

/// Counts up. Predictable numbers suffice: a dry run never shows the epochs that are made from
/// them.
class SequentialNumbers final : public port::Random {
 public:
  std::uint64_t next() override { return ++last_; }

 private:
  std::uint64_t last_ = 0;
};

}  // namespace

std::vector<std::string> find_left_out(const Config& config, const port::Snapshot& snapshot) {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count();
  SequentialNumbers random;
  port::TopicNumbers topics;
  irc::World world(topics, commands::world_limits(config.slash));
  irc::WorldLoader loader(world, random, {ms, ms}, config.slash.label_ms);
  loader.take(snapshot);
  return loader.problems();
}

}  // namespace signaller
