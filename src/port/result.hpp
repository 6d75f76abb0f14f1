// A value, or the refusal that says why there is none. Every function that can refuse returns this.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "port/effects.hpp"

namespace signaller::port {

/// The one error reply that ends a command. Nothing is sent or counted before give().
class [[nodiscard]] Refusal {
 public:
  /// @param answer  the error reply
  /// @param code    the numeric or code under which the refusal is counted; a literal
  Refusal(Send answer, std::string_view code) : answer_(std::move(answer)), code_(code) {}

  [[nodiscard]] std::string_view code() const { return code_; }

  /// Adds effects that are carried out although the command is refused. They come before the reply.
  Refusal after(Effects effects) && {
    before_ += std::move(effects);
    return std::move(*this);
  }

  /// Adds all effects of the refusal to `out`. The refusal is empty afterwards.
  void give(Effects& out) && {
    out += std::move(before_);
    out.add(std::move(answer_));
  }

 private:
  Effects before_;
  Send answer_;
  std::string_view code_;
};

/// A value, or the refusal. Usage:
/// `auto peer = find_peer(ctx, ref); if (!peer) return peer.refusal();`
template <class Value>
class [[nodiscard]] Result {
 public:
  Result(const Value& value) : state_(value) {}              // NOLINT: implicit conversion intended
  Result(Value&& value) : state_(std::move(value)) {}        // NOLINT: implicit conversion intended
  Result(Refusal&& refusal) : state_(std::move(refusal)) {}  // NOLINT: implicit conversion intended

  explicit operator bool() const { return state_.index() == 0; }
  Value& operator*() { return std::get<Value>(state_); }
  const Value& operator*() const { return std::get<Value>(state_); }
  Value* operator->() { return &**this; }
  const Value* operator->() const { return &**this; }
  /// Takes the refusal out. Call it once. Precondition: there is no value.
  Refusal refusal() { return std::move(std::get<Refusal>(state_)); }

 private:
  std::variant<Value, Refusal> state_;
};

/// A reference to an object that outlives the result, or the refusal.
template <class Value>
class [[nodiscard]] Result<Value&> {
 public:
  Result(Value& value) : state_(&value) {}                   // NOLINT: implicit conversion intended
  Result(Refusal&& refusal) : state_(std::move(refusal)) {}  // NOLINT: implicit conversion intended

  explicit operator bool() const { return state_.index() == 0; }
  Value& operator*() const { return *std::get<Value*>(state_); }
  Value* operator->() const { return std::get<Value*>(state_); }
  /// Takes the refusal out. Call it once. Precondition: there is no value.
  Refusal refusal() { return std::move(std::get<Refusal>(state_)); }

 private:
  std::variant<Value*, Refusal> state_;
};

/// The result of a check: passed, or the refusal.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Refusal&& refusal)
      : refusal_(std::move(refusal)) {}  // NOLINT: implicit conversion intended

  explicit operator bool() const { return !refusal_; }
  /// Takes the refusal out. Call it once. Precondition: the check has not passed.
  Refusal refusal() { return std::move(*refusal_); }

 private:
  std::optional<Refusal> refusal_;
};

}  // namespace signaller::port
