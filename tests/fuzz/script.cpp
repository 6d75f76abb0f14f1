#include "tests/fuzz/script.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "tests/fuzz/plain_text.hpp"

namespace signaller::fuzz {
namespace {

constexpr std::size_t MostSteps = 400;
constexpr std::size_t MostFrame = 300'000;

std::int64_t number_of(std::string_view text, std::int64_t most) {
  std::int64_t number = 0;
  const std::size_t first = std::min(text.find_first_of("-0123456789"), text.size());
  std::from_chars(text.data() + first, text.data() + text.size(), number);
  return std::clamp(number, -most, most);
}

/// Reads a close code. Returns 1006 (the connection is lost) for codes below 1000.
std::int64_t code_of(std::string_view text) {
  const std::int64_t code = number_of(text, 4'999);
  return code < 1'000 ? 1'006 : code;
}

std::string_view after(std::string_view line, std::size_t count) {
  line.remove_prefix(std::min(count, line.size()));
  if (!line.empty() && line.front() == ' ') line.remove_prefix(1);
  return line;
}

/// Parses the steps that begin with a client's letter, such as `a> text`.
std::optional<Step> client_step(std::string_view line) {
  const std::size_t client = line.empty() ? std::string_view::npos : ClientLetters.find(line[0]);
  if (client == std::string_view::npos || line.size() < 2) return std::nullopt;
  const std::string text(after(line, 2));
  const auto step = [&](Act act, std::int64_t number = 0) {
    return Step{act, client, text, number};
  };
  switch (line[1]) {
    case '>':
      return step(Act::Says);
    case '+':
      return step(Act::Connects);
    case '!':
      return step(Act::Closes, code_of(text));
    case '~':
      return step(Act::Stalls);
    case '.':
      return step(Act::Drains);
    case '?':
      return step(Act::Lingers);
    case ',':
      return step(Act::Goes);
    default:
      return std::nullopt;
  }
}

std::optional<Step> server_step(std::string_view line) {
  constexpr std::int64_t Hour = 3'600'000;
  if (line.empty()) return std::nullopt;
  if (line.substr(0, 4) == "set ") return Step{Act::Set, 0, std::string(line.substr(4)), 0};
  const std::string text(after(line, 1));
  const bool alone = line.size() == 1;
  const bool worded = line.size() > 2 && line[1] == ' ';
  switch (line[0]) {
    case '+':
      return Step{Act::TimePasses, 0, {}, std::abs(number_of(text, 2 * Hour))};
    case 'w':
      if (line.find_first_of("+-0123456789") != 1) return std::nullopt;
      return Step{Act::ClockIsSet, 0, {}, number_of(text, Hour)};
    case 'v':
      return worded ? std::optional<Step>({Act::PasswordVerifier, 0, text, 0}) : std::nullopt;
    case 's':
      return worded ? std::optional<Step>({Act::Store, 0, text, 0}) : std::nullopt;
    case 'r':
      return worded ? std::optional<Step>({Act::Reloads, 0, text, 0}) : std::nullopt;
    case 'R':
      return worded ? std::optional<Step>({Act::WillReload, 0, text, 0}) : std::nullopt;
    case 'x':
      return alone ? std::optional<Step>({Act::ShutsDown, 0, {}, 0}) : std::nullopt;
    case 'd':
      return alone ? std::optional<Step>({Act::Dies, 0, {}, 0}) : std::nullopt;
    case 'D':
      return alone ? std::optional<Step>({Act::Restarts, 0, {}, 0}) : std::nullopt;
    default:
      // `h /path` is an HTTP request; `h> text` and so on are steps of the client h.
      if (line[0] != 'h' || !worded) return std::nullopt;
      return Step{Act::Gets, 0, text, 0};
  }
}

std::string since(const Learnt& learnt) {
  std::string json = "{";
  for (const auto& [name, position] : learnt.positions) {
    if (json.size() > 1) json += ',';
    json += '"' + name + "\":\"" + position + '"';
  }
  return json + '}';
}

/// Parses `{200 x}` at the beginning of `text`, and appends x 200 times to `out`. Returns the
/// length of the braces; 0: there are none.
std::size_t read_repeat(std::string_view text, std::string& out) {
  const std::size_t end = text.find('}');
  const std::size_t space = text.find(' ');
  if (end == std::string_view::npos || space == std::string_view::npos || space + 1 >= end)
    return 0;
  if (space < 2 || text.find_first_not_of("0123456789", 1) != space) return 0;
  const std::string_view unit = text.substr(space + 1, end - space - 1);
  for (auto n = number_of(text.substr(1), MostFrame); n > 0 && out.size() < MostFrame; --n) {
    out += unit;
  }
  return end + 1;
}

/// Returns the word with this number, counted from 0; empty: the line has fewer words.
std::string_view word(std::string_view line, std::size_t number) {
  while (number-- > 0) line.remove_prefix(std::min(line.size(), line.find(' ') + 1));
  return line.substr(0, line.find(' '));
}

}  // namespace

std::vector<Step> parse_script(std::string_view script) {
  std::vector<Step> steps;
  while (!script.empty() && steps.size() < MostSteps) {
    const std::string_view line = script.substr(0, script.find('\n'));
    script.remove_prefix(std::min(script.size(), line.size() + 1));
    if (line.empty()) continue;
    if (line[0] == '|' && !steps.empty() && steps.back().act == Act::Says) {
      steps.back().text += '\n' + std::string(after(line, 1));
    } else if (auto step = server_step(line)) {
      steps.push_back(*std::move(step));
    } else if (auto said = client_step(line)) {
      steps.push_back(*std::move(said));
    } else {
      steps.push_back({Act::Says, 0, std::string(line), 0});
    }
    if (steps.back().act == Act::ShutsDown) break;
  }
  return steps;
}

std::string id_of(std::size_t client) {
  constexpr std::string_view Last = "abcdef98";
  return "5f0c3e0000000000000000" + std::string(2, Last[client]);
}

std::string expand(std::string_view text, const AllLearnt& learnt) {
  std::string out;
  while (!text.empty() && out.size() < MostFrame) {
    const std::size_t plain = std::min(text.find_first_of("@$&{"), text.size());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const std::size_t client = text.size() > 1 ? ClientLetters.find(text[1]) : std::string::npos;
    std::size_t length = 2;
    if (text[0] == '{') {
      length = read_repeat(text, out);
    } else if (client == std::string::npos) {
      length = 0;
    } else {
      out += text[0] == '@'   ? id_of(client)
             : text[0] == '$' ? learnt[client].secret
                              : since(learnt[client]);
    }
    if (length == 0) out += text.front();
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return made_valid(out);
}

void learn(Learnt& learnt, std::string_view line) {
  if (const std::size_t at = line.find(" SESSION "); at != std::string_view::npos) {
    const std::string_view words = line.substr(at + 9);
    learnt.secret = word(words, 1);
    learnt.positions["*"] = word(words, 4);
  } else if (const std::size_t channel = line.find(" CHANNEL #");
             channel != std::string_view::npos) {
    const std::string_view words = line.substr(channel + 9);
    learnt.positions[std::string(word(words, 0))] = word(words, 1);
  }
}

}  // namespace signaller::fuzz
