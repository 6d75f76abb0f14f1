#include "net/admission/connection_refusal.hpp"

#include <fmt/format.h>

#include "net/http/response.hpp"

namespace signaller::net {

std::uint16_t close_code_of(const ConnectionRefusal& refusal) {
  constexpr std::uint16_t TooManyConnections = 3504;
  constexpr std::uint16_t Banned = 3507;
  return refusal.why == ConnectionRefusal::Reason::Banned ? Banned : TooManyConnections;
}

int status_of(const ConnectionRefusal& refusal) {
  constexpr int Forbidden = 403;
  constexpr int TooManyRequests = 429;
  constexpr int Unavailable = 503;
  switch (refusal.why) {
    case ConnectionRefusal::Reason::Banned:
    case ConnectionRefusal::Reason::NoProxy:
      return Forbidden;
    case ConnectionRefusal::Reason::TooMany:
    case ConnectionRefusal::Reason::TooFast:
      return TooManyRequests;
    case ConnectionRefusal::Reason::None:
    case ConnectionRefusal::Reason::Full:
    case ConnectionRefusal::Reason::NoMemory:
      break;
  }
  return Unavailable;
}

std::string retry_header_of(const ConnectionRefusal& refusal) {
  constexpr std::int64_t Guess = 5;
  constexpr std::int64_t Second = 1'000;
  if (status_of(refusal) == 403) return {};
  const std::int64_t seconds =
      refusal.wait_ms == 0 ? Guess : (refusal.wait_ms + Second - 1) / Second;
  return fmt::format("Retry-After: {}\r\n", seconds);
}

std::string response_of(const ConnectionRefusal& refusal, std::int64_t unix_s) {
  HttpResponse answer;
  answer.status = status_of(refusal);
  answer.body = refusal.text + "\n";
  answer.more_headers = retry_header_of(refusal);
  answer.unix_s = unix_s;
  return http_response(answer, false);
}

}  // namespace signaller::net
