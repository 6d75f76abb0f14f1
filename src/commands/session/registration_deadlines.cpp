#include "commands/session/registration_deadlines.hpp"

#include <algorithm>

namespace signaller::commands {
namespace {

constexpr std::int64_t ShortestMs = 5'000;

}  // namespace

std::int64_t RegistrationDeadlines::allowed_ms(const Options& options) const {
  const std::int64_t whole = options.describe_timeout_ms;
  const std::size_t undescribed = queue_.size() + 1;
  if (undescribed <= options.describe_crowd) return whole;
  const auto shorter = whole * static_cast<std::int64_t>(options.describe_crowd) /
                       static_cast<std::int64_t>(undescribed);
  return std::max(shorter, std::min(whole, ShortestMs));
}

std::optional<std::int64_t> RegistrationDeadlines::deadline_ms() const {
  if (queue_.empty()) return std::nullopt;
  return queue_.begin()->first;
}

std::optional<port::ConnectionId> RegistrationDeadlines::overdue(std::int64_t now_ms) const {
  if (queue_.empty() || queue_.begin()->first > now_ms) return std::nullopt;
  return queue_.begin()->second;
}

}  // namespace signaller::commands
