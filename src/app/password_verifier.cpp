#include "app/password_verifier.hpp"

#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <stdexcept>
#include <utility>

namespace signaller {
namespace {

/// Lowers the priority of the calling thread only: password guesses must not delay the event loops.
/// If the system refuses, the thread keeps its priority.
void give_way(int niceness) {
  [[maybe_unused]] const int now = nice(niceness);
}

/// The CPU time that the calling thread has used so far.
std::chrono::nanoseconds worked() {
  timespec time{};
  (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// nice value that gets a seventieth of a busy core, or all of an idle core
constexpr int Last = 19;
constexpr int Less = 5;  // nice value that gets a quarter of a busy core

}  // namespace

struct PasswordVerifier::Job {
  Job(port::Verify asked, Done told) : question(std::move(asked)), done(std::move(told)) {}
  ~Job() { sodium_memzero(question.password.data(), question.password.size()); }
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  port::Verify question;
  Done done;  ///< guarded by the mutex; empty: the check has been answered
};

bool password_is_right(const port::Verify& question) {
  const std::string& password = question.password;
  return crypto_pwhash_str_verify(question.hash.c_str(), password.data(), password.size()) == 0;
}

PasswordVerifier::PasswordVerifier(std::size_t capacity, Check check,
                                   std::chrono::milliseconds patience)
    : capacity_(capacity),
      check_(std::move(check)),
      patience_(patience),
      thread_([this] { work(); }),
      helper_([this] { help(); }) {}

PasswordVerifier::~PasswordVerifier() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  look_.notify_one();
  thread_.join();
  helper_.join();
}

void PasswordVerifier::ask(port::Verify question, Done done) {
  {
    const std::lock_guard lock(mutex_);
    Jobs& jobs = question.first ? first_ : jobs_;
    if (jobs.size() < capacity_) {
      jobs.push_back(std::make_shared<Job>(std::move(question), std::move(done)));
      wake_.notify_one();
      look_.notify_one();
      return;
    }
  }
  done({question.token, false, true});
}

std::shared_ptr<PasswordVerifier::Job> PasswordVerifier::take() {
  Jobs& jobs = first_.empty() ? jobs_ : first_;
  if (jobs.empty()) return nullptr;
  auto job = std::move(jobs.front());
  jobs.pop_front();
  return job;
}

/// Checks a password without holding the lock. If both threads check the same password, the thread
/// that finishes first answers.
/// @returns whether the password was right
bool PasswordVerifier::answer(Lock& lock, Job& job) {
  lock.unlock();
  const bool ok = check_(job.question);
  lock.lock();
  const Done done = std::exchange(job.done, {});
  if (!done) return ok;
  lock.unlock();
  done({job.question.token, ok, false});
  lock.lock();
  return ok;
}

void PasswordVerifier::work() {
  using namespace std::chrono_literals;
  give_way(Last);
  Lock lock(mutex_);
  std::chrono::nanoseconds rest{};
  for (;;) {
    wake_.wait_for(lock, rest, [this] { return stopping_ || !first_.empty(); });
    wake_.wait(lock, [this] { return stopping_ || !first_.empty() || !jobs_.empty(); });
    if (stopping_) return;
    under_way_ = take();
    since_ = std::chrono::steady_clock::now();
    look_.notify_one();
    const auto before = worked();
    const bool right = answer(lock, *under_way_);
    rest = right ? 0ns : std::min<std::chrono::nanoseconds>(1s, (worked() - before) * 9);
    under_way_.reset();
    look_.notify_one();
  }
}

/// The loop of the second thread. If the first thread has not finished a check after `patience_`,
/// repeats this check and does the waiting ones, until the first thread has finished.
void PasswordVerifier::help() {
  give_way(Less);
  Lock lock(mutex_);
  for (;;) {
    look_.wait(lock, [this] { return stopping_ || under_way_; });
    if (stopping_) return;
    const auto stuck = under_way_;
    const auto over = [this, &stuck] { return stopping_ || under_way_ != stuck; };
    if (look_.wait_until(lock, since_ + patience_, over)) continue;
    while (!over()) {
      const auto next = stuck->done ? stuck : take();
      if (next) {
        answer(lock, *next);
      } else {
        look_.wait(lock, [&] { return over() || !first_.empty() || !jobs_.empty(); });
      }
    }
  }
}

std::string hash_password(const std::string& password) {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str(text.data(), password.data(), password.size(),
                        crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
    throw std::runtime_error("not enough memory to hash a password (64 MiB)");
  }
  return text.data();
}

}  // namespace signaller
