#include "commands/saving.hpp"

#include <utility>

namespace signaller::commands {
namespace {

constexpr std::int64_t RetryMs = 1'000;

}  // namespace

void Saving::turn_end(irc::World& world, port::Instant now, port::Effects& out) {
  if (busy_ || world.dirty().empty()) return;
  if (retry_ms_ && now.steady_ms < *retry_ms_) return;
  retry_ms_.reset();
  under_way_ = world.take_dirty();
  busy_ = true;
  out.add(port::Persist{world.records(under_way_), ++token_});
}

void Saving::stored(irc::World& world, port::Stored stored, port::Instant now) {
  if (!busy_ || stored.token != token_) return;  // not ours, or told twice
  busy_ = false;
  if (!stored.ok) {
    world.mark(std::move(under_way_));
    retry_ms_ = now.steady_ms + RetryMs;
  }
  under_way_ = {};
}

}  // namespace signaller::commands
