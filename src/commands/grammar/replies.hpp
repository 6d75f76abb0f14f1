// The set of replies that a command may give, which the command declares (command.hpp).
#pragma once

#include <array>
#include <cstddef>

#include "irc/text/replies.hpp"

namespace signaller::commands {

/// A set of numerics, failures and notes.
class Replies {
  // Must be declared first: clang 14 evaluates no template that is declared after its use.
  template <class Reply>
  static constexpr std::size_t index(Reply reply) {
    return static_cast<std::size_t>(reply);
  }

 public:
  template <class... Each>
  constexpr explicit Replies(Each... each) {
    (add(each), ...);
  }

  constexpr void add(irc::Reply reply) { numerics_[index(reply)] = true; }
  constexpr void add(irc::Failure failure) { failures_[index(failure)] = true; }
  constexpr void add(irc::Note note) { notes_[index(note)] = true; }
  constexpr void add(const Replies& others) {
    for (std::size_t i = 0; i < Numerics; ++i) numerics_[i] = numerics_[i] || others.numerics_[i];
    for (std::size_t i = 0; i < Failures; ++i) failures_[i] = failures_[i] || others.failures_[i];
    for (std::size_t i = 0; i < Notes; ++i) notes_[i] = notes_[i] || others.notes_[i];
  }

  [[nodiscard]] constexpr bool has(irc::Reply reply) const { return numerics_[index(reply)]; }
  [[nodiscard]] constexpr bool has(irc::Failure failure) const { return failures_[index(failure)]; }
  [[nodiscard]] constexpr bool has(irc::Note note) const { return notes_[index(note)]; }

  /// Calls `act` with each reply of the set.
  template <class Act>
  void each(Act act) const {
    for (std::size_t i = 0; i < Numerics; ++i) {
      if (numerics_[i]) act(static_cast<irc::Reply>(i));
    }
    for (std::size_t i = 0; i < Failures; ++i) {
      if (failures_[i]) act(static_cast<irc::Failure>(i));
    }
    for (std::size_t i = 0; i < Notes; ++i) {
      if (notes_[i]) act(static_cast<irc::Note>(i));
    }
  }

 private:
  // NOLINTBEGIN(bugprone-macro-parentheses): each row expands to `+1`.
  static constexpr std::size_t Numerics = 0
#define REPLY(name, code, text) +1
#include "irc/text/replies.def"
#undef REPLY
      ;
  static constexpr std::size_t Failures = 0
#define FAILURE(name, code, text) +1
#define NOTE(name, code, text)
#include "irc/text/standard_replies.def"
#undef NOTE
#undef FAILURE
      ;
  static constexpr std::size_t Notes = 0
#define FAILURE(name, code, text)
#define NOTE(name, code, text) +1
#include "irc/text/standard_replies.def"
#undef NOTE
#undef FAILURE
      ;
  // NOLINTEND(bugprone-macro-parentheses)

  std::array<bool, Numerics> numerics_{};
  std::array<bool, Failures> failures_{};
  std::array<bool, Notes> notes_{};
};

}  // namespace signaller::commands
