// A reply of Redis. The reply is not trusted: a getter that does not fit its type returns an empty
// value.
#pragma once

#include <hiredis/hiredis.h>

#include <cstddef>
#include <string_view>

namespace signaller::persist {

/// A view, valid until the reply handler returns.
class RedisReply {
 public:
  explicit RedisReply(const redisReply* raw) : raw_(raw) {}

  [[nodiscard]] bool error() const { return raw_->type == REDIS_REPLY_ERROR; }
  [[nodiscard]] bool nil() const { return raw_->type == REDIS_REPLY_NIL; }
  [[nodiscard]] bool array() const { return raw_->type == REDIS_REPLY_ARRAY; }
  /// Text of a string, a status or an error.
  [[nodiscard]] std::string_view text() const {
    return raw_->str == nullptr ? std::string_view() : std::string_view(raw_->str, raw_->len);
  }
  [[nodiscard]] bool is(std::string_view status) const {
    return raw_->type == REDIS_REPLY_STATUS && text() == status;
  }
  /// True for an error with this code, such as `WRONGTYPE`.
  [[nodiscard]] bool error(std::string_view kind) const {
    return error() && text().substr(0, kind.size()) == kind;
  }
  [[nodiscard]] long long integer() const { return raw_->integer; }
  [[nodiscard]] std::size_t size() const { return array() ? raw_->elements : 0; }
  /// @param i  less than size()
  RedisReply operator[](std::size_t i) const { return RedisReply(raw_->element[i]); }

 private:
  const redisReply* raw_;
};

}  // namespace signaller::persist
