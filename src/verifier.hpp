// Passwords are checked on one thread of their own: argon2id takes 50 ms and 64 MiB a try. The
// thread gives way to all others.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "port/protocol.hpp"

namespace signaller {

/// One try at a time; at most `capacity` wait. Any thread may ask.
class Verifier {
 public:
  /// Called on the verifier's thread, or at once on the caller's with `busy` if the queue is full.
  using Done = std::function<void(port::Verified)>;

  explicit Verifier(std::size_t capacity);
  /// Waits for the try under way; the others are not answered.
  ~Verifier();
  Verifier(const Verifier&) = delete;
  Verifier& operator=(const Verifier&) = delete;

  void ask(port::Verify question, Done done);

 private:
  struct Job {
    port::Verify question;
    Done done;
  };
  void work();

  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::thread thread_;
};

/// The argon2id string (libsodium's interactive preset) of a password, as Verify takes it.
/// @throws std::runtime_error  out of memory
std::string hash_password(const std::string& password);

}  // namespace signaller
