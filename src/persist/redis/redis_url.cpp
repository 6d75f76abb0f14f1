#include "persist/redis/redis_url.hpp"

#include <fmt/format.h>

#include <utility>

#include "persist/format/value_parser.hpp"
#include "port/url.hpp"

namespace signaller::persist {
namespace {

constexpr std::uint32_t MaxDb = 65'535;

ParsedRedisUrl failure(std::string why) {
  return {std::nullopt, std::move(why)};
}

/// Decodes a host or a path. Rejects NUL, which ends a text for the resolver and the kernel.
bool read_name(std::string_view text, std::string& out) {
  auto decoded = port::percent_decode(text);
  if (!decoded || decoded->find('\0') != std::string::npos) return false;
  out = std::move(*decoded);
  return true;
}

bool read_db(std::string_view text, std::uint32_t& out) {
  return read_number(text, out) && out <= MaxDb;
}

/// Removes a leading `user:password@`, if present, and stores it in `url`.
bool take_login(std::string_view& rest, RedisUrl& url) {
  const std::size_t at = rest.substr(0, rest.find_first_of("/?")).rfind('@');
  if (at == std::string_view::npos) return true;
  const std::string_view login = rest.substr(0, at);
  const std::size_t colon = login.find(':');
  rest.remove_prefix(at + 1);
  auto user = port::percent_decode(login.substr(0, colon));
  auto password =
      port::percent_decode(colon == std::string_view::npos ? "" : login.substr(colon + 1));
  if (!user || !password) return false;
  url.user = std::move(*user);
  url.password = std::move(*password);
  return url.user.empty() || !url.password.empty();
}

/// Reads `host`, `host:port` or `[address]:port`.
bool read_host(std::string_view text, RedisUrl& url) {
  std::string_view host = text;
  std::string_view port;
  bool ported = false;
  if (!text.empty() && text.front() == '[') {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    ported = !port.empty();
    if (ported && port.front() != ':') return false;
    if (ported) port.remove_prefix(1);
  } else if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    ported = true;
  }
  if (ported && (!read_number(port, url.port) || url.port == 0)) return false;
  return read_name(host, url.host) && !url.host.empty();
}

ParsedRedisUrl parse_tcp(std::string_view rest, RedisUrl url) {
  const std::size_t slash = rest.find('/');
  const std::string_view db = slash == std::string_view::npos ? "" : rest.substr(slash + 1);
  const bool host_good = read_host(rest.substr(0, slash), url);
  const bool db_good = db.empty() || read_db(db, url.db);
  // take_login() has removed the @ of a login without / and ?.
  if ((!host_good || !db_good) && rest.find('@') != std::string_view::npos) {
    return failure(
        "a / or ? in the user name or the password must be percent-encoded, as %2F or %3F");
  }
  if (!host_good) return failure("the host or the port is malformed");
  if (!db_good) {
    return failure("only a database number may follow the host, as in redis://localhost:6379/1");
  }
  return {std::move(url), {}};
}

ParsedRedisUrl parse_unix(std::string_view rest, RedisUrl url) {
  const std::size_t question = rest.find('?');
  const std::string_view path = rest.substr(0, question);
  if (path.empty() || path.front() != '/' || !read_name(path, url.path)) {
    return failure(
        "redis+unix:// requires the absolute path of a socket, as in redis+unix:///run/redis.sock");
  }
  if (question == std::string_view::npos) return {std::move(url), {}};
  constexpr std::string_view Db = "db=";
  const std::string_view query = rest.substr(question + 1);
  if (query.substr(0, Db.size()) != Db || !read_db(query.substr(Db.size()), url.db)) {
    return failure("only ?db=N may follow the path");
  }
  return {std::move(url), {}};
}

}  // namespace

std::string RedisUrl::shown() const {
  if (!path.empty()) return fmt::format("redis+unix://{}?db={}", path, db);
  const bool bracketed = host.find(':') != std::string::npos;
  return fmt::format("redis://{}{}{}:{}/{}", bracketed ? "[" : "", host, bracketed ? "]" : "", port,
                     db);
}

ParsedRedisUrl parse_redis_url(std::string_view text) {
  constexpr std::string_view Mark = "://";
  const std::size_t mark = text.find(Mark);
  const std::string_view scheme = text.substr(0, mark);
  if (mark == std::string_view::npos || (scheme != "redis" && scheme != "redis+unix")) {
    if (mark != std::string_view::npos && scheme == "rediss") {
      return failure("TLS to Redis is not supported: use stunnel or haproxy");
    }
    return failure("the URL must begin with redis:// or redis+unix://");
  }
  std::string_view rest = text.substr(mark + Mark.size());
  RedisUrl url;
  if (!take_login(rest, url)) {
    return failure(
        "before the @ there must be user:password or :password, with both parts percent-encoded");
  }
  return scheme == "redis" ? parse_tcp(rest, std::move(url)) : parse_unix(rest, std::move(url));
}

}  // namespace signaller::persist
