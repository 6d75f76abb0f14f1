#include "irc/line.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "irc/peer.hpp"

namespace signaller::irc {
namespace {

/// The initial capacity; most lines are shorter.
constexpr std::size_t UsualLength = 96;

struct Date {
  std::int64_t year;
  unsigned month;
  unsigned day;
};

/// Converts days since 1970-01-01 to a Gregorian date. Counts in eras of 400 years. A year begins
/// in March, so that the leap day is its last day.
Date date_of(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const auto of_era = static_cast<unsigned>(days - era * 146'097);
  const unsigned year = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const unsigned of_year = of_era - (365 * year + year / 4 - year / 100);
  const unsigned shifted = (5 * of_year + 2) / 153;
  const unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {year + era * 400 + (month <= 2 ? 1 : 0), month, of_year - (153 * shifted + 2) / 5 + 1};
}

/// Appends `@` or `;`, the key and `=`.
void begin_tag(std::string& out, std::string_view key) {
  out += out.empty() ? '@' : ';';
  out += key;
  out += '=';
}

void append_number(std::string& out, std::uint64_t number) {
  const fmt::format_int digits(number);
  out.append(digits.data(), digits.size());
}

}  // namespace

Line::Line(std::string_view server, std::string_view verb) {
  body_.reserve(UsualLength);
  body_ += ':';
  body_ += server;
  body_ += ' ';
  body_ += verb;
}

Line::Line(std::string_view server, Reply reply, std::string_view target)
    : Line(server, info(reply).code) {
  param(target);
}

Line::Line(const Peer& source, std::string_view verb) {
  body_.reserve(UsualLength);
  body_ += ':';
  if (!source.nick().empty()) {
    body_ += source.nick();
    body_ += '!';
  }
  source.id().append_to(body_);
  body_ += ' ';
  body_ += verb;
  tags_.name = source.name();
}

Line::Line(const StoredMessage& message) : body_(message.line) {
  tags_.time_ms = message.time_ms;
  tags_.msgid = message.msgid;
  tags_.seq = message.seq;
  tags_.name = message.name;
}

StoredMessagePtr Line::stored(const Peer& from, std::string_view label) const {
  StoredMessage message{tags_.seq, tags_.time_ms, tags_.msgid, tags_.name, body_, {}, {}, 0};
  if (!label.empty()) {
    message.from = from.id();
    message.label = label;
    message.session = from.inbox_epoch();
  }
  return std::make_shared<const StoredMessage>(std::move(message));
}

Line& Line::param(std::string_view text) & {
  text = text.substr(0, text.find(' '));
  body_ += ' ';
  if (text.empty() || text.front() == ':') {
    body_ += '*';
  } else {
    body_ += text;
  }
  return *this;
}

Line& Line::param(const PeerId& id) & {
  body_ += ' ';
  id.append_to(body_);
  return *this;
}

Line& Line::param(std::uint64_t number) & {
  body_ += ' ';
  append_number(body_, number);
  return *this;
}

Line& Line::params(std::string_view words) & {
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    param(word);
    words.remove_prefix(std::min(words.size(), word.size() + 1));
  }
  return *this;
}

Line& Line::trailing(std::string_view text) & {
  body_.reserve(body_.size() + 2 + text.size());
  body_ += " :";
  body_ += text;
  return *this;
}

void Line::message(std::string msgid, std::uint64_t seq) {
  tags_.msgid = std::move(msgid);
  tags_.seq = seq;
}

void Line::acknowledged(std::string msgid, std::uint64_t seq) {
  message(std::move(msgid), seq);
  tags_.plain_too = true;
}

std::string Line::render(port::Form form, std::string_view label) const {
  const bool tagged = form == TaggedForm;
  std::string out;
  out.reserve(body_.size() + label.size() + 8 + (tagged ? UsualLength + tags_.name.size() : 0));
  if (!label.empty()) {
    begin_tag(out, "label");
    out += label;
  }
  if (tagged && tags_.time_ms != 0) {
    begin_tag(out, "time");
    append_time(out, tags_.time_ms);
  }
  if ((tagged || tags_.plain_too) && !tags_.msgid.empty()) {
    begin_tag(out, "msgid");
    out += tags_.msgid;
  }
  if ((tagged || tags_.plain_too) && tags_.seq != 0) {
    begin_tag(out, "seq");
    append_number(out, tags_.seq);
  }
  if (tagged && !tags_.name.empty()) {
    begin_tag(out, "name");
    append_tag_value(out, tags_.name);
  }
  if (!out.empty()) out += ' ';
  out += body_;
  return out;
}

port::Forms Line::encode(const FormCounts& needed) && {
  port::Forms forms;
  if (needed[TaggedForm] != 0) {
    forms[TaggedForm] = std::make_shared<const std::string>(render(TaggedForm));
  }
  if (needed[PlainForm] != 0) {
    forms[PlainForm] =
        std::make_shared<const std::string>(tags_.plain_too ? render(PlainForm) : std::move(body_));
  }
  return forms;
}

void append_tag_value(std::string& out, std::string_view value) {
  for (const char c : value) {
    switch (c) {
      case ';':
        out += "\\:";
        break;
      case ' ':
        out += "\\s";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\n':
        out += "\\n";
        break;
      default:
        out += c;
    }
  }
}

void append_time(std::string& out, std::int64_t unix_ms) {
  constexpr std::int64_t DayMs = 86'400'000;
  const std::int64_t days = (unix_ms >= 0 ? unix_ms : unix_ms - DayMs + 1) / DayMs;
  const auto of_day = static_cast<std::uint32_t>(unix_ms - days * DayMs);
  const Date date = date_of(days);
  std::array<char, 24> text{"0000-00-00T00:00:00.000"};
  const auto put = [&text](std::size_t first, std::size_t digits, std::uint64_t number) {
    for (std::size_t i = digits; i-- > 0; number /= 10) {
      text[first + i] = static_cast<char>('0' + number % 10);
    }
  };
  put(0, 4, static_cast<std::uint64_t>(date.year));
  put(5, 2, date.month);
  put(8, 2, date.day);
  put(11, 2, of_day / 3'600'000);
  put(14, 2, of_day / 60'000 % 60);
  put(17, 2, of_day / 1000 % 60);
  put(20, 3, of_day % 1000);
  text[23] = 'Z';
  out.append(text.data(), text.size());
}

}  // namespace signaller::irc
