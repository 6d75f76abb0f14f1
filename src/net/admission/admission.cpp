#include "net/admission/admission.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace signaller::net {
namespace {

constexpr std::size_t SoonestSweep = 1'024;

}  // namespace

ConnectionSlot::~ConnectionSlot() {
  if (admission_ != nullptr) admission_->leave(who_);
}

void Admission::tune(const AdmissionOptions& options) {
  auto trusted = std::make_shared<Networks>();
  trusted->assign(options.trusted_proxies);
  const std::lock_guard lock(mutex_);
  options_ = options;
  trusted_ = std::move(trusted);
}

void Admission::bar(std::size_t protocol, const port::BanList& bar) {
  Bans bans;
  for (const port::BannedRange& one : *bar.list) bans.put(one.range, {one.text, one.until_ms});
  const std::lock_guard lock(mutex_);
  if (bans_.size() <= protocol) bans_.resize(protocol + 1);
  std::swap(bans_[protocol], bans);  // the old bans are freed after the mutex has been unlocked
}

bool Admission::trusts(const port::AddressRange& address) const {
  return trusted()->contains(address);
}

std::shared_ptr<const Networks> Admission::trusted() const {
  const std::lock_guard lock(mutex_);
  return trusted_;
}

AdmissionResult Admission::enter(const port::AddressRange& address, port::Instant now) {
  const std::lock_guard lock(mutex_);
  if (trusted_->contains(address)) return {};
  ConnectionRefusal refusal = banned(address, now);
  if (refusal) return {{}, std::move(refusal)};
  if (uses_.size() >= std::max(sweep_at_, SoonestSweep)) forget_idle(now);
  const port::AddressRange who = port::limit_range(address);
  Use& use = uses_[who];
  refusal = judge(use, who, now);
  if (refusal) return {{}, std::move(refusal)};
  ++use.open;
  ++open_;
  return {ConnectionSlot(*this, who), {}};
}

ConnectionRefusal Admission::banned_now(const port::AddressRange& address,
                                        port::Instant now) const {
  const std::lock_guard lock(mutex_);
  return trusted_->contains(address) ? ConnectionRefusal{} : banned(address, now);
}

ConnectionRefusal Admission::banned(const port::AddressRange& address, port::Instant now) const {
  const auto holds = [now](const Ban& ban) {
    return ban.until_ms == 0 || now.unix_ms < ban.until_ms;
  };
  for (const Bans& bans : bans_) {
    const Ban* ban = bans.find(address, holds);
    if (ban != nullptr) return {ConnectionRefusal::Reason::Banned, ban->text, 0};
  }
  return {};
}

ConnectionRefusal Admission::judge(Use& use, const port::AddressRange& who,
                                   port::Instant now) const {
  const std::size_t most = options_.address_connections;
  if (most != 0 && use.open >= most) {
    return {ConnectionRefusal::Reason::TooMany,
            fmt::format("too many connections from {}: net.address_connections is {}", who.text(),
                        most),
            0};
  }
  const std::int64_t wait_ms = use.arrivals.take(1, options_.address_connect_rate,
                                                 options_.address_connect_burst, now.steady_ms);
  if (wait_ms == 0) return {};
  return {ConnectionRefusal::Reason::TooFast,
          fmt::format("too many new connections from {}: net.address_connect_rate is {}; "
                      "wait_ms={}",
                      who.text(), options_.address_connect_rate, wait_ms),
          wait_ms};
}

void Admission::leave(const port::AddressRange& who) {
  const std::lock_guard lock(mutex_);
  const auto found = uses_.find(who);
  --found->second.open;
  --open_;
}

/// Removes addresses that have no open connections and whose bucket is full again.
void Admission::forget_idle(port::Instant now) {
  for (auto at = uses_.begin(); at != uses_.end();) {
    const Use& use = at->second;
    const bool idle =
        use.open == 0 && use.arrivals.is_idle(options_.address_connect_rate, now.steady_ms);
    at = idle ? uses_.erase(at) : std::next(at);
  }
  sweep_at_ = 2 * uses_.size();
}

bool Admission::may_explain(port::Instant now) {
  constexpr double Rate = 50;
  constexpr double Burst = 200;
  const std::lock_guard lock(mutex_);
  return explained_.take(1, Rate, Burst, now.steady_ms) == 0;
}

std::size_t Admission::known() const {
  const std::lock_guard lock(mutex_);
  return uses_.size();
}
std::size_t Admission::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

}  // namespace signaller::net
