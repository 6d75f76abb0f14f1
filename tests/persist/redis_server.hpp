// Runs a private Redis for a test: on a Unix socket in its own folder. It saves no data
// unless the test asks for it.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace signaller::tests {

class RedisServer {
 public:
  /// Starts Redis and waits until it answers.
  /// @param arguments  for redis-server, added to those that make it private
  explicit RedisServer(std::vector<std::string> arguments = {});
  /// Stops Redis and removes its folder.
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  [[nodiscard]] std::string path() const { return folder_ + "/socket"; }
  [[nodiscard]] std::string url() const { return "redis+unix://" + path(); }

  /// Sends SIGSTOP: the sockets stay open, but Redis sends no reply.
  void pause() const;
  void go_on() const;
  /// Sends SIGKILL.
  void kill();
  /// Copies the files of Redis as a backup for put_back(). Redis has written all confirmed changes
  /// to its append-only file before.
  void keep_copy() const;
  /// Restores the backup. Redis must not be running.
  void put_back() const;
  [[nodiscard]] std::string folder() const { return folder_; }
  /// Starts Redis again with the same command line, without waiting.
  void launch();
  /// Starts Redis again and waits until it answers. Its data depends on its files.
  void start();

  /// Sends a command and returns the reply: a text, a number, or the elements of a list, each
  /// followed by a space. Nil is "(nil)".
  [[nodiscard]] std::string ask(const std::vector<std::string>& argv) const;
  /// Sends a command. An error reply fails the test.
  void tell(const std::vector<std::string>& argv) const;

 private:
  [[nodiscard]] bool answers() const;

  std::string folder_;
  std::vector<std::string> arguments_;
  pid_t pid_ = -1;
};

}  // namespace signaller::tests
