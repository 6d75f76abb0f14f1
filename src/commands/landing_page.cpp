#include "commands/landing_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace signaller::commands {
namespace {

#if SIGNALLER_WEB
constexpr const char* PageType = "text/html; charset=utf-8";
constexpr std::string_view Page =
#include "commands/landing_page.html"
    ;
#else
constexpr const char* PageType = "text/plain; charset=utf-8";
constexpr std::string_view Page =
    "{{server}}, version {{version}}: chat and signalling over WebSocket.\n"
    "  wscat -c {{address}}\n";
#endif

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == ':' || c == '[' || c == ']';
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

}  // namespace

std::string_view checked_host(std::string_view host) {
  constexpr std::size_t Longest = 260;  // a name of 253 bytes (RFC 1035 §2.3.4), a colon and a port
  const bool good = !host.empty() && host.size() <= Longest &&
                    std::all_of(host.begin(), host.end(), is_host_char);
  return good ? host : "localhost";
}

port::Effects respond_with_page(const Options& options, const port::HttpRequest& request) {
  std::string address = request.secure ? "wss://" : "ws://";
  address += checked_host(request.host);
  if (request.path != "/") address += request.path;
  std::string page(Page);
  replace_all(page, "{{address}}", escape_html(address));
  replace_all(page, "{{server}}", escape_html(options.server_name));
  replace_all(page, "{{version}}", escape_html(options.version));
  port::Effects out;
  out.add(port::Respond{request.id(), 200, PageType, std::move(page)});
  return out;
}

port::Effects refuse_page(const port::HttpRequest& request, std::int64_t wait_ms) {
  constexpr int TooManyRequests = 429;
  constexpr std::int64_t Second = 1'000;
  const std::string seconds = std::to_string((wait_ms + Second - 1) / Second);
  return port::Effect(
      port::Respond{request.id(),
                    TooManyRequests,
                    "text/plain; charset=utf-8",
                    fmt::format("too many requests from {}: limits.address_rate; wait_ms={}\n",
                                request.address, wait_ms),
                    {{"Retry-After", seconds}}});
}

}  // namespace signaller::commands
