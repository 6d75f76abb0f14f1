#include "net/http/http.hpp"

#include <algorithm>

namespace signaller::net {
namespace {

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Response";  // the phrase has no meaning (RFC 9112 §4)
  }
}

}  // namespace

std::string_view trim_whitespace(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

const Route* Routes::find(std::string_view path) const {
  const auto found =
      std::find_if(list.begin(), list.end(), [path](const Route& r) { return r.path == path; });
  return found == list.end() ? nullptr : &*found;
}

std::string Routes::describe() const {
  std::string text = "There is nothing here. Paths of this server:\n";
  for (const Route& route : list) {
    const bool both = route.endpoint.http && route.endpoint.websocket;
    text += "  " + route.path + "  (" + std::string(route.endpoint.name) + ": " +
            (route.endpoint.websocket ? "WebSocket" : "") + (both ? " and " : "") +
            (route.endpoint.http ? "HTTP GET)\n" : ")\n");
  }
  text += "  /livez  (HTTP GET: alive)\n";
  if (operations) text += "  /readyz  (HTTP GET: ready to serve)\n";
  return text;
}

std::string http_response(const HttpResponse& answer, bool head_only) {
  std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " ";
  text += reason_phrase(answer.status);
  text += "\r\nServer: signaller\r\nConnection: close\r\nCache-Control: no-store\r\n";
  text += "X-Content-Type-Options: nosniff\r\nContent-Type: " + answer.content_type;
  text += "\r\nContent-Length: " + std::to_string(answer.body.size()) + "\r\n";
  text += answer.more_headers;
  text += "\r\n";
  if (!head_only) text += answer.body;
  return text;
}

}  // namespace signaller::net
