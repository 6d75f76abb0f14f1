#include "tests/persist/redis_server.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <hiredis/hiredis.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

namespace signaller::tests {
namespace {

struct Free {
  void operator()(redisContext* context) const { redisFree(context); }
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Context = std::unique_ptr<redisContext, Free>;
using QueryResult = std::unique_ptr<redisReply, Free>;

QueryResult ask_once(const std::string& path, const std::vector<std::string>& argv) {
  const Context context(redisConnectUnix(path.c_str()));
  if (!context || context->err != 0) return nullptr;
  std::vector<const char*> words;
  std::vector<std::size_t> sizes;
  for (const auto& word : argv) {
    words.push_back(word.data());
    sizes.push_back(word.size());
  }
  return QueryResult(static_cast<redisReply*>(
      redisCommandArgv(context.get(), static_cast<int>(words.size()), words.data(), sizes.data())));
}

std::string text_of(const redisReply& reply) {
  switch (reply.type) {
    case REDIS_REPLY_INTEGER:
      return std::to_string(reply.integer);
    case REDIS_REPLY_NIL:
      return "(nil)";
    case REDIS_REPLY_ARRAY:
      break;
    default:
      return {reply.str, reply.len};
  }
  std::string all;
  for (std::size_t i = 0; i < reply.elements; ++i) all += text_of(*reply.element[i]) + ' ';
  return all;
}

std::string new_folder() {
  std::string folder = std::filesystem::temp_directory_path() / "signaller-redis-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no folder for Redis");
  return folder;
}

/// Runs redis-server in the child process.
[[noreturn]] void become_redis(const std::string& folder, const std::vector<std::string>& argv) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int log =
      ::open((folder + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  std::vector<char*> words;
  for (const auto& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execvp(words[0], words.data());
  ::_exit(127);
}

}  // namespace

RedisServer::RedisServer(std::vector<std::string> arguments)
    : folder_(new_folder()), arguments_(std::move(arguments)) {
  start();
}

RedisServer::~RedisServer() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void RedisServer::launch() {
  std::vector<std::string> argv{"redis-server", "--port", "0", "--unixsocket", path(), "--dir",
                                folder_,        "--save", ""};
  argv.insert(argv.end(), arguments_.begin(), arguments_.end());
  pid_ = ::fork();
  if (pid_ == 0) become_redis(folder_, argv);
}

void RedisServer::start() {
  launch();
  using namespace std::chrono_literals;
  const auto until = std::chrono::steady_clock::now() + 20s;
  while (!answers()) {
    if (std::chrono::steady_clock::now() > until || ::waitpid(pid_, nullptr, WNOHANG) != 0) {
      throw std::runtime_error("redis-server does not start: see " + folder_ + "/log");
    }
    std::this_thread::sleep_for(1ms);
  }
}

/// True if Redis answers; an error that demands a password counts as an answer.
bool RedisServer::answers() const {
  const QueryResult answer = ask_once(path(), {"PING"});
  return answer && std::string_view(answer->str, answer->len).substr(0, 7) != "LOADING";
}

void RedisServer::pause() const {
  ::kill(pid_, SIGSTOP);
}
void RedisServer::go_on() const {
  ::kill(pid_, SIGCONT);
}
void RedisServer::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
  ::unlink(path().c_str());
}

void RedisServer::keep_copy() const {
  constexpr auto All = std::filesystem::copy_options::recursive;
  std::filesystem::copy(folder_ + "/appendonlydir", folder_ + "/copy", All);
}
void RedisServer::put_back() const {
  constexpr auto All = std::filesystem::copy_options::recursive;
  std::filesystem::remove_all(folder_ + "/appendonlydir");
  std::filesystem::copy(folder_ + "/copy", folder_ + "/appendonlydir", All);
}

std::string RedisServer::ask(const std::vector<std::string>& argv) const {
  const QueryResult answer = ask_once(path(), argv);
  return answer ? text_of(*answer) : "(no answer)";
}

void RedisServer::tell(const std::vector<std::string>& argv) const {
  const QueryResult answer = ask_once(path(), argv);
  ASSERT_TRUE(answer) << argv[0];
  EXPECT_NE(answer->type, REDIS_REPLY_ERROR) << argv[0] << ": " << answer->str;
}

}  // namespace signaller::tests
