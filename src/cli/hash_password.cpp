#include "cli/hash_password.hpp"

#include <fmt/format.h>
#include <sodium.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <stdexcept>

#include "app/password_verifier.hpp"

namespace signaller {
namespace {

termios saved_terminal{};  // global, so that the signal handler can restore it

void restore_and_exit(int signal) {
  (void)::tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved_terminal);
  (void)std::signal(signal, SIG_DFL);
  (void)::raise(signal);
}

/// Turns the terminal's echo off while the object lives. Ctrl-C turns the echo on again.
class NoEcho {
 public:
  NoEcho() {
    if (::tcgetattr(STDIN_FILENO, &saved_terminal) != 0) {
      throw std::runtime_error("the settings of the terminal cannot be read");
    }
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) (void)std::signal(signal, restore_and_exit);
    termios quiet = saved_terminal;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    (void)::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~NoEcho() {
    (void)::tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved_terminal);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) (void)std::signal(signal, SIG_DFL);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;
};

std::string ask(const char* prompt) {
  // created before the prompt, because the user may type as soon as the prompt is visible
  const NoEcho quiet;
  fmt::print(stderr, "{}", prompt);
  std::string line = read_password(std::cin);
  fmt::print(stderr, "\n");
  return line;
}

}  // namespace

std::string read_password(std::istream& in) {
  constexpr std::size_t Longest = 1024;
  std::string line;
  std::getline(in, line);
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.empty()) throw std::runtime_error("hash-password: no password on standard input");
  if (line.size() > Longest) {
    throw std::runtime_error(
        fmt::format("hash-password: a password has at most {} bytes", Longest));
  }
  return line;
}

std::string hash_password_command() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialised");
  const bool terminal = ::isatty(STDIN_FILENO) == 1;
  std::string password = terminal ? ask("Password: ") : read_password(std::cin);
  if (terminal && ask("Again: ") != password) {
    throw std::runtime_error("hash-password: the two passwords are not the same");
  }
  std::string hash = hash_password(password);
  sodium_memzero(password.data(), password.size());
  return hash;
}

}  // namespace signaller
