#include "net/http/response.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>
#include <utility>

namespace signaller::net {
namespace {

constexpr int NoContent = 204;
constexpr int ResetContent = 205;
constexpr int NotModified = 304;
constexpr int UpgradeRequired = 426;
constexpr int ServerError = 500;

/// Whether a status may end an exchange: a valid status that is not 1xx.
bool is_final(int status) {
  return status >= 200 && status < 600;
}

std::string type_of(const HttpResponse& answer) {
  const bool good = !answer.content_type.empty() &&
                    std::all_of(answer.content_type.begin(), answer.content_type.end(),
                                [](char c) { return c >= 0x20 && c < 0x7f; });
  return good ? answer.content_type : "application/octet-stream";
}

std::string_view reason_phrase(int status) {
  constexpr std::array<std::pair<int, std::string_view>, 19> Phrases{{
      {200, "OK"},
      {204, "No Content"},
      {205, "Reset Content"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {426, "Upgrade Required"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {503, "Service Unavailable"},
      {505, "HTTP Version Not Supported"},
  }};
  for (const auto& [code, phrase] : Phrases) {
    if (code == status) return phrase;
  }
  return "Response";  // any phrase will do: clients ignore it (RFC 9112 §4)
}

}  // namespace

HttpResponse unavailable(std::string body) {
  constexpr int ServiceUnavailable = 503;
  return {ServiceUnavailable, PlainText, std::move(body),
          std::string("Retry-After: ") + RetryAfter + "\r\n"};
}

std::string header_lines(const port::ResponseHeaders& headers) {
  std::string text;
  for (const port::HttpHeader& one : headers.list()) {
    text += one.name + ": " + one.value + "\r\n";
  }
  return text;
}

std::string http_date(std::int64_t unix_s) {
  constexpr std::array<const char*, 7> Days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> Months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr int FirstYear = 1900;
  const auto time = static_cast<std::time_t>(unix_s);
  std::tm parts{};
  (void)::gmtime_r(&time, &parts);
  // std::strftime would use the names of the process's locale.
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
                     Days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                     Months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + FirstYear,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string http_response(const HttpResponse& answer, bool head_only) {
  const int status = is_final(answer.status) ? answer.status : ServerError;
  const bool without_length = status == NoContent || status == NotModified;
  const bool without_body = without_length || status == ResetContent;
  std::string text = "HTTP/1.1 " + std::to_string(status) + " ";
  text += reason_phrase(status);
  text += "\r\nServer: signaller\r\n";
  if (answer.unix_s != 0) text += "Date: " + http_date(answer.unix_s) + "\r\n";
  text += answer.keep_alive ? "Connection: keep-alive" : "Connection: close";
  text += status == UpgradeRequired ? ", Upgrade\r\nUpgrade: websocket\r\n" : "\r\n";
  if (answer.keep_alive) {
    text += "Keep-Alive: timeout=" + std::to_string(KeepAliveSeconds) + "\r\n";
  }
  if (!answer.headers.has("Cache-Control")) text += "Cache-Control: no-store\r\n";
  if (!answer.headers.has("X-Content-Type-Options")) text += "X-Content-Type-Options: nosniff\r\n";
  if (!without_body) text += "Content-Type: " + type_of(answer) + "\r\n";
  if (!without_length) {  // 204 and 304 have no Content-Length (RFC 9110 §8.6, §15.4.5)
    const std::size_t length = without_body ? 0 : answer.body.size();
    text += "Content-Length: " + std::to_string(length) + "\r\n";
  }
  text += answer.more_headers;
  text += header_lines(answer.headers);
  text += "\r\n";
  if (!head_only && !without_body) text += answer.body;
  return text;
}

}  // namespace signaller::net
