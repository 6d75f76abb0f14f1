// The address of Redis, as configured.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaller::persist {

struct RedisUrl {
  std::string user;      ///< empty: the default user
  std::string password;  ///< empty: AUTH is not sent
  std::string host;      ///< host name or IP address; empty: `path` is used
  std::uint16_t port = 6379;
  std::string path;  ///< path of a Unix socket
  std::uint32_t db = 0;

  /// The URL without user and password, for logs.
  [[nodiscard]] std::string shown() const;
};

struct ParsedRedisUrl {
  std::optional<RedisUrl> url;
  std::string fault;  ///< reason if `url` is empty; never contains the user or the password
};

/// Parses `redis://[user[:password]@]host[:port][/db]` or
/// `redis+unix://[user[:password]@]/path[?db=N]`. User, password, host and path may be
/// percent-encoded (RFC 3986). An IPv6 address stands in brackets.
ParsedRedisUrl parse_redis_url(std::string_view text);

}  // namespace signaller::persist
