// A Redis of a test's own: on a Unix socket in a folder of its own, without files unless asked for.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace signaller::tests {

class RedisServer {
 public:
  /// Starts it, and waits until it answers.
  /// @param arguments  for redis-server, behind those that keep it private
  explicit RedisServer(std::vector<std::string> arguments = {});
  /// Ends it, and removes its folder.
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  [[nodiscard]] std::string path() const { return folder_ + "/socket"; }
  [[nodiscard]] std::string url() const { return "redis+unix://" + path(); }

  /// SIGSTOP: its sockets stay open, and nothing comes.
  void pause() const;
  void go_on() const;
  /// SIGKILL.
  void kill();
  /// What it has in its folder, kept until put_back: a backup. What is appended is there already.
  void keep_copy() const;
  /// Not while it runs.
  void put_back() const;
  [[nodiscard]] std::string folder() const { return folder_; }
  /// The same command line again, without waiting for it.
  void launch();
  /// And until it answers; what it has depends on it.
  void start();

  /// Asks it, and waits for the answer: a text, a number, or the answers of a list one after the
  /// other, each followed by a space. Nil is "(nil)".
  [[nodiscard]] std::string ask(const std::vector<std::string>& argv) const;
  /// Of which no answer but an error is of interest: that fails the test.
  void tell(const std::vector<std::string>& argv) const;

 private:
  [[nodiscard]] bool answers() const;

  std::string folder_;
  std::vector<std::string> arguments_;
  pid_t pid_ = -1;
};

}  // namespace signaller::tests
