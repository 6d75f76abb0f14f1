// Checks passwords outside of the event loops: argon2id takes 50 ms and 64 MiB for each check.
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

/// Whether the password matches the hash (libsodium). The duration depends on the parameters of the
/// hash.
bool password_is_right(const port::Verify& question);

/// Checks one password at a time, on a thread of the lowest priority. Other checks wait in two
/// queues of at most `capacity` checks each. Checks that are the first of their address wait in the
/// first queue, which is served before the second. After a wrong password the thread rests for nine
/// times as long as the check took, but at most a second; a check in the first queue ends the rest.
/// So guesses use no more than a tenth of a core, however many addresses they come from. On a
/// machine without an idle core a second thread, with a higher priority, takes over checks that the
/// first thread does not finish. Any thread may ask.
class PasswordVerifier {
 public:
  /// Called on a thread of the verifier. If the queue is full, `ask` calls it at once, with `busy`.
  using Done = std::function<void(port::Verified)>;
  using Check = std::function<bool(const port::Verify&)>;

  /// @param check     called on both threads
  /// @param patience  time after which the second thread takes over a check of the first one
  explicit PasswordVerifier(std::size_t capacity, Check check = password_is_right,
                            std::chrono::milliseconds patience = std::chrono::seconds(1));
  /// Waits for the checks in progress; the others are not answered.
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
  std::condition_variable wake_;  ///< wakes the first thread when a check waits
  /// wakes the second thread when the first one begins or ends a check, or a check waits
  std::condition_variable look_;
  using Jobs = std::deque<std::shared_ptr<Job>>;
  Jobs first_;                      ///< waiting checks that are the first ones of their addresses
  Jobs jobs_;                       ///< all other waiting checks
  std::shared_ptr<Job> under_way_;  ///< the check that the first thread does now
  std::chrono::steady_clock::time_point since_;
  bool stopping_ = false;
  std::thread thread_;
  std::thread helper_;
};

/// The argon2id string of a password (libsodium's interactive preset), for port::Verify.
/// @throws std::runtime_error  out of memory
std::string hash_password(const std::string& password);

}  // namespace signaller
