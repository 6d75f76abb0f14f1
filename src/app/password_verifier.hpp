// Passwords are checked off the event loops: argon2id takes 50 ms and 64 MiB a try.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "port/protocol.hpp"

namespace signaller {

/// Whether the password of a question has its hash (libsodium); takes as long as the hash says.
bool password_is_right(const port::Verify& question);

/// One try at a time, on a thread that gives way to all others; at most `capacity` wait, and as
/// many that are the first of their address, which go before. After a wrong one the thread rests
/// for nine times as long as it worked, at most a second, unless a first one comes: guesses take no
/// more than a tenth of a core, however many addresses they come from. On a machine that is busy
/// throughout, a second thread, which gives way less, takes over what the first one does not get
/// done. Any thread may ask.
class PasswordVerifier {
 public:
  /// Called on one of the verifier's threads, or at once on the caller's with `busy` if the queue
  /// is full.
  using Done = std::function<void(port::Verified)>;
  using Check = std::function<bool(const port::Verify&)>;

  /// @param check     called on both threads
  /// @param patience  how long the first thread may take for a try
  explicit PasswordVerifier(std::size_t capacity, Check check = password_is_right,
                            std::chrono::milliseconds patience = std::chrono::seconds(1));
  /// Waits for the tries under way; the others are not answered.
  ~PasswordVerifier();
  PasswordVerifier(const PasswordVerifier&) = delete;
  PasswordVerifier& operator=(const PasswordVerifier&) = delete;

  void ask(port::Verify question, Done done);

 private:
  struct Job;
  using Lock = std::unique_lock<std::mutex>;
  void work();
  void help();
  std::shared_ptr<Job> take();
  bool answer(Lock& lock, Job& job);

  const std::size_t capacity_;
  const Check check_;
  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable wake_;  ///< the first thread: there is something to do
  std::condition_variable look_;  ///< the second one: the first has begun or ended, or more waits
  using Jobs = std::deque<std::shared_ptr<Job>>;
  Jobs first_;                      ///< that nobody has begun, the first of their addresses
  Jobs jobs_;                       ///< and the others
  std::shared_ptr<Job> under_way_;  ///< of the first thread
  std::chrono::steady_clock::time_point since_;
  bool stopping_ = false;
  std::thread thread_;
  std::thread helper_;
};

/// The argon2id string (libsodium's interactive preset) of a password, as Verify takes it.
/// @throws std::runtime_error  out of memory
std::string hash_password(const std::string& password);

}  // namespace signaller
