#include "tests/net/faults.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <optional>

namespace signaller::net::faults {

Plans plans;
std::atomic<std::uint64_t> met{0};

namespace {

thread_local std::optional<std::mt19937> random;  // NOLINT: seeded by inject()

enum class Fate { AsUsual, Short, Error };

Fate decide(const Plan& plan) {
  if (!random || plan.one_in == 0 || (*random)() % plan.one_in != 0) return Fate::AsUsual;
  ++met;
  const std::size_t choices = plan.errors.size() + (plan.may_be_short ? 1 : 0);
  const std::size_t choice = (*random)() % choices;
  if (choice == plan.errors.size()) return Fate::Short;
  errno = plan.errors[choice];
  return Fate::Error;
}

}  // namespace

void inject(std::uint32_t seed) {
  random.emplace(seed);
}

}  // namespace signaller::net::faults

// NOLINTBEGIN: the linker prescribes these names (ld(1), --wrap)
extern "C" {
ssize_t __real_recv(int fd, void* bytes, size_t size, int flags);
ssize_t __real_send(int fd, const void* bytes, size_t size, int flags);
ssize_t __real_sendmsg(int fd, const msghdr* message, int flags);
int __real_accept4(int fd, sockaddr* address, socklen_t* size, int flags);

using signaller::net::faults::decide;
using signaller::net::faults::Fate;
using signaller::net::faults::plans;

ssize_t __wrap_recv(int fd, void* bytes, size_t size, int flags) {
  const Fate fate = decide(plans.receive);
  if (fate == Fate::Error) return -1;
  return __real_recv(fd, bytes, fate == Fate::Short ? std::min<size_t>(size, 1) : size, flags);
}

ssize_t __wrap_send(int fd, const void* bytes, size_t size, int flags) {
  const Fate fate = decide(plans.send);
  if (fate == Fate::Error) return -1;
  return __real_send(fd, bytes, fate == Fate::Short ? std::min<size_t>(size, 1) : size, flags);
}

ssize_t __wrap_sendmsg(int fd, const msghdr* message, int flags) {
  const Fate fate = decide(plans.send);
  if (fate == Fate::Error) return -1;
  if (fate == Fate::Short && message->msg_iovlen > 0 && message->msg_iov[0].iov_len > 0) {
    return __real_send(fd, message->msg_iov[0].iov_base, 1, flags);
  }
  return __real_sendmsg(fd, message, flags);
}

int __wrap_accept4(int fd, sockaddr* address, socklen_t* size, int flags) {
  if (decide(plans.accept) == Fate::Error) return -1;
  return __real_accept4(fd, address, size, flags);
}
}
// NOLINTEND
