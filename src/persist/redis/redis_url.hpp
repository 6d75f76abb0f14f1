// Where Redis is, as it is configured.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaller::persist {

struct RedisUrl {
  std::string user;      ///< empty: the default one
  std::string password;  ///< empty: none is sent
  std::string host;      ///< a name or an address; empty: `path` counts
  std::uint16_t port = 6379;
  std::string path;  ///< of a Unix socket
  std::uint32_t db = 0;

  /// Without the password: fit for logs.
  [[nodiscard]] std::string shown() const;
};

struct ParsedRedisUrl {
  std::optional<RedisUrl> url;
  std::string fault;  ///< why there is none; says nothing of the user and the password
};

/// `redis://[user[:password]@]host[:port][/db]`, or
/// `redis+unix://[user[:password]@]/path[?db=N]`. User, password, host and path may be
/// percent-encoded (RFC 3986). An IPv6 address stands in brackets.
ParsedRedisUrl parse_redis_url(std::string_view text);

}  // namespace signaller::persist
