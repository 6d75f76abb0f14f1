#include "net/acceptor.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <asio/ip/address.hpp>
#include <asio/ip/v6_only.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace signaller::net {
namespace {

/// SO_RCVBUF, which accepted sockets inherit from the listener (the kernel doubles the value). By
/// default the kernel's buffer would grow to megabytes for a client that sends faster than the
/// server reads.
constexpr int ReceiveBytes = 64 * 1024;
constexpr int AcceptsInOneGo = 256;
constexpr std::chrono::milliseconds PauseWithoutDescriptors{100};

int open_reserve() {
  return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

asio::ip::tcp::endpoint endpoint_of(const sockaddr_storage& storage) {
  asio::ip::tcp::endpoint endpoint;
  std::memcpy(endpoint.data(), &storage, endpoint.capacity());
  return endpoint;
}

port::AddressRange address_of(const asio::ip::tcp::endpoint& endpoint) {
  const auto from = [](const auto& bytes) {
    return *port::AddressRange::from_bytes(
        {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  };
  const asio::ip::address address = endpoint.address();
  return address.is_v6() ? from(address.to_v6().to_bytes()) : from(address.to_v4().to_bytes());
}

std::string endpoint_name(const asio::ip::tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  const std::string port = std::to_string(endpoint.port());
  return endpoint.address().is_v6() ? "[" + address + "]:" + port : address + ":" + port;
}

}  // namespace

Acceptor::Acceptor(asio::io_context& context, const ListenOptions& options, Routes routes,
                   Taker taker, AdmissionCounts& counts)
    : acceptor_(context),
      pause_timer_(context),
      routes_(std::move(routes)),
      taker_(std::move(taker)),
      counts_(counts),
      reserve_(open_reserve()) {
  std::error_code error;
  const asio::ip::address address = asio::ip::make_address(options.address, error);
  if (error)
    throw std::runtime_error("cannot listen on '" + options.address +
                             "': this is not an IP address");
  const asio::ip::tcp::endpoint endpoint(address, options.port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error && address.is_v6()) acceptor_.set_option(asio::ip::v6_only(options.v6_only), error);
  if (!error) acceptor_.set_option(asio::socket_base::receive_buffer_size(ReceiveBytes), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(4096, error);
  if (!error) acceptor_.native_non_blocking(true, error);
  if (!error) {
    routes_.port = port();
    return;
  }
  std::string text = "cannot listen on " + endpoint_name(endpoint) + ": " + error.message();
  if (error == asio::error::address_in_use) {
    text +=
        " (another server runs there; stop it, or choose another address with --listen ADDR:PORT)";
  }
  throw std::runtime_error(text);
}

Acceptor::~Acceptor() {
  if (reserve_ >= 0) ::close(reserve_);
}

std::uint16_t Acceptor::port() const {
  return acceptor_.local_endpoint().port();
}
std::string Acceptor::name() const {
  return endpoint_name(acceptor_.local_endpoint());
}

void Acceptor::start() {
  wait();
}

void Acceptor::close() {
  pause_timer_.cancel();
  std::error_code ignored;
  acceptor_.close(ignored);
}

void Acceptor::wait() {
  acceptor_.async_wait(asio::ip::tcp::acceptor::wait_read, [this](const std::error_code& error) {
    if (!error) accept_waiting();
  });
}

/// Accepts waiting clients. An error of one connection does not stop the listener.
void Acceptor::accept_waiting() {
  try {
    if (!accept_some()) return;
  } catch (...) {
    wait();
    throw;
  }
  wait();
}

/// Accepts some clients. Returns false if accepting must pause.
bool Acceptor::accept_some() {
  for (int i = 0; i < AcceptsInOneGo; ++i) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    const int descriptor =
        ::accept4(acceptor_.native_handle(), reinterpret_cast<sockaddr*>(&storage), &size,
                  SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
      ++counts_.accepted;
      const asio::ip::tcp::endpoint peer = endpoint_of(storage);
      taker_(descriptor, address_of(peer), peer.port(), routes_);
      continue;
    }
    if (errno == EMFILE || errno == ENFILE) {
      shed_one();
      pause();
      return false;
    }
    if (errno == ENOBUFS || errno == ENOMEM) {
      pause();
      return false;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) break;
    // Any other error concerns one connection only (ECONNABORTED, accept(2)).
  }
  return true;
}

/// Refuses one waiting client when no descriptor is free: closes the reserved descriptor, accepts
/// the client with it, and closes the connection.
void Acceptor::shed_one() {
  if (reserve_ >= 0) ::close(reserve_);
  const int descriptor = ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC);
  if (descriptor >= 0) {
    ++counts_.refused;
    ::close(descriptor);
  }
  reserve_ = open_reserve();
}

/// Waits before the next accept: an immediate one would fail again and use the whole CPU.
void Acceptor::pause() {
  pause_timer_.expires_after(PauseWithoutDescriptors);
  pause_timer_.async_wait([this](const std::error_code& error) {
    if (!error) wait();
  });
}

}  // namespace signaller::net
