#include "verifier.hpp"

#include <sodium.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace signaller {
namespace {

/// For this thread alone: guesses at passwords must not take the core from the event loops. A try
/// still has a tenth of a core that is busy, and all of one that is not.
void give_way() {
  constexpr int Niceness = 10;
  // Where it is refused, tries are as urgent as everything else.
  [[maybe_unused]] const int niceness = nice(Niceness);
}

}  // namespace

Verifier::Verifier(std::size_t capacity) : capacity_(capacity), thread_([this] { work(); }) {}

Verifier::~Verifier() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Verifier::ask(port::Verify question, Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() < capacity_) {
      jobs_.push_back({std::move(question), std::move(done)});
      wake_.notify_one();
      return;
    }
  }
  done({question.token, false, true});
}

void Verifier::work() {
  give_way();
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (stopping_) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    std::string& password = job.question.password;
    const bool ok =
        crypto_pwhash_str_verify(job.question.hash.c_str(), password.data(), password.size()) == 0;
    sodium_memzero(password.data(), password.size());
    job.done({job.question.token, ok, false});
    lock.lock();
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
