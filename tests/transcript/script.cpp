#include "tests/transcript/script.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <utility>

namespace signaller::transcript {
namespace {

struct Reader {
  std::string file;
  int line = 0;
  Scenario prologue;
  std::vector<Scenario> scenarios;

  [[noreturn]] void fail(const std::string& why) const {
    throw ScriptError(file + ":" + std::to_string(line) + ": " + why);
  }
  Scenario& current() { return scenarios.empty() ? prologue : scenarios.back(); }
};

std::vector<std::string> split(const std::string& text, char by) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, by);) parts.push_back(part);
  return parts;
}

std::int64_t milliseconds(const std::string& count, const std::string& unit) {
  const std::int64_t factor = unit == "ms"  ? 1
                              : unit == "s" ? 1'000
                              : unit == "m" ? 60'000
                              : unit == "h" ? 3'600'000
                                            : 86'400'000;
  return std::stoll(count) * factor;
}

/// Replaces `{n}`, `{nn}`… by the number, with at least as many digits as the braces hold letters
/// n.
std::string numbered(const std::string& text, int number) {
  if (text.find("{n") == std::string::npos) return text;
  static const std::regex place(R"(\{(n+)\})");
  std::string out;
  auto rest = text.cbegin();
  for (std::sregex_iterator it(text.begin(), text.end(), place), end; it != end; ++it) {
    const auto digits = std::to_string(number);
    const auto width = static_cast<std::size_t>((*it)[1].length());
    out.append(rest, (*it)[0].first);
    out.append(width > digits.size() ? width - digits.size() : 0, '0').append(digits);
    rest = (*it)[0].second;
  }
  return out.append(rest, text.cend());
}

bool is_client(const std::string& name) {
  constexpr std::string_view Letters = "abcdefghijklmnopqrstuvwxyz";
  return !name.empty() && Letters.find(name.front()) != std::string_view::npos &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos;
}

/// Parses `ann> text`, `ann,bob< text`, `ann<<`. Written by hand, because nearly all steps have
/// this form and std::regex is slow.
bool read_line_step(const std::string& text, Step& step) {
  const std::size_t mark = text.find_first_of("<>");
  if (mark == std::string::npos || mark == 0 || text[mark - 1] == ',') return false;
  std::vector<std::string> who = split(text.substr(0, mark), ',');
  if (!std::all_of(who.begin(), who.end(), is_client)) return false;
  step.who = std::move(who);
  if (text.compare(mark, 2, "<<") == 0) {
    step.action = Action::HasNothing;
    step.text = text.substr(mark + 2);
    return true;
  }
  step.action = text[mark] == '>' ? Action::Sends : Action::Receives;
  const bool space = mark + 1 < text.size() && text[mark + 1] == ' ';
  step.text = text.substr(mark + (space ? 2 : 1));
  return true;
}

/// Reads a step that gives an address or an id for a connection.
bool read_opening_step(const std::string& text, Step& step) {
  static const std::regex connects(R"((\w+) connects(?: from (\S+))?)");
  static const std::regex comes(
      R"((\w+) (arrives|returns)(?: as (\w+))?(?: from (\S+))?(?: (\{.*\}))?)");
  std::smatch found;
  if (std::regex_match(text, found, connects)) {
    step.action = Action::Connects;
    step.address = found[2];
  } else if (std::regex_match(text, found, comes)) {
    step.action = found[2] == "arrives" ? Action::Arrives : Action::Returns;
    step.as = found[3].matched ? found[3].str() : found[1].str();
    step.address = found[4];
    step.text = found[5];
  } else {
    return false;
  }
  step.who = {found[1]};
  return true;
}

/// The forms of all other steps.
const std::vector<std::pair<Action, std::regex>>& word_step_forms() {
  static const std::vector<std::pair<Action, std::regex>> forms{
      {Action::PasswordVerifier, std::regex(R"((verifier) (stalls|goes on|is busy|is free))")},
      {Action::StoreIs,
       std::regex(
           R"((store) (stalls|goes on|is away|is back|is back empty|takes none|takes all))")},
      {Action::Dies, std::regex(R"((server) dies)")},
      {Action::Restarts, std::regex(R"((server) restarts)")},
      {Action::Closes, std::regex(R"((\w+) closes (\d+))")},
      {Action::Closes, std::regex(R"((\w+) is lost)")},
      {Action::Stalls, std::regex(R"((\w+) stalls)")},
      {Action::Drains, std::regex(R"((\w+) drains)")},
      {Action::Ignores, std::regex(R"((\w+) ignores)")},
      {Action::Listens, std::regex(R"((\w+) listens)")},
      {Action::Lingers, std::regex(R"((\w+) lingers)")},
      {Action::Goes, std::regex(R"((\w+) goes)")},
      {Action::StoreHolds, std::regex(R"((store) holds (\d+ peers, \d+ channels, \d+ members))")},
      {Action::Stored, std::regex(R"((stored) (.*))")},
      {Action::NotStored, std::regex(R"((not) stored (.*))")},
      {Action::BannedRange, std::regex(R"((barred) (.*))")},
      {Action::NotBarred, std::regex(R"((not) barred (.*))")},
      {Action::Audited, std::regex(R"((audited) (.*))")},
      {Action::NotAudited, std::regex(R"((nothing) audited)")},
      {Action::WillReload, std::regex(R"((reload) ((?:sets|needs restart|fails) .*))")},
      {Action::Reloads, std::regex(R"((server) reloads)")},
      {Action::Counts, std::regex(R"((edge) counts (\S+ \S+ .*))")},
      {Action::MaySend, std::regex(R"((\w+) may send (\d+))")},
      {Action::ShutsDown, std::regex(R"((server) shuts down)")},
  };
  return forms;
}

bool read_word_step(const std::string& text, Step& step) {
  for (const auto& [action, form] : word_step_forms()) {
    std::smatch found;
    if (!std::regex_match(text, found, form)) continue;
    step.action = action;
    step.who = {found[1]};
    if (found.size() > 2) step.text = found[2];
    if (action == Action::Closes || action == Action::MaySend) {
      step.number = step.text.empty() ? 1006 : std::stoll(step.text);
    }
    return true;
  }
  return false;
}

bool read_clock_step(const std::string& text, Step& step) {
  static const std::regex form(R"(\+(\d+)(ms|s|m|h|d))");
  std::smatch found;
  if (!std::regex_match(text, found, form)) return false;
  step.action = Action::TimePasses;
  step.number = milliseconds(found[1], found[2]);
  return true;
}

void read_step(Reader& reader, const std::string& text, bool quietly = false) {
  static const std::regex repeat(R"(repeat (\d+)\.\.(\d+) (.*))");
  std::smatch found;
  if (std::regex_match(text, found, repeat)) {
    const auto inner = found[3].str();
    for (int n = std::stoi(found[1]); n <= std::stoi(found[2]); ++n) {
      read_step(reader, numbered(inner, n), quietly);
    }
    return;
  }
  constexpr std::string_view Quietly = "quietly ";
  if (text.rfind(Quietly, 0) == 0) return read_step(reader, text.substr(Quietly.size()), true);
  Step step;
  step.quietly = quietly;
  step.line = reader.line;
  if (!read_line_step(text, step) && !read_clock_step(text, step) &&
      !read_opening_step(text, step) && !read_word_step(text, step)) {
    reader.fail("not a step: " + text);
  }
  reader.current().steps.push_back(std::move(step));
}

void read_setting(Reader& reader, const std::string& text) {
  static const std::regex form(R"(set (\S+) (.*))");
  std::smatch found;
  if (!std::regex_match(text, found, form)) reader.fail("expected: set <option> <value>");
  if (!reader.scenarios.empty() && reader.current().steps.size() > reader.prologue.steps.size()) {
    reader.fail("a set line comes before the steps of its scenario");
  }
  reader.current().settings.push_back({reader.line, found[1], found[2]});
}

void read(Reader& reader, const std::string& text) {
  if (text.empty() || text == "#" || text.rfind("# ", 0) == 0) return;
  if (text.rfind("== ", 0) == 0) {
    reader.scenarios.push_back(reader.prologue);
    reader.current().title = text.substr(3);
  } else if (text.rfind("set ", 0) == 0) {
    read_setting(reader, text);
  } else {
    read_step(reader, text);
  }
}

}  // namespace

bool expects(Action action) {
  return action == Action::Receives || action == Action::HasNothing || action == Action::MaySend ||
         action == Action::StoreHolds || action == Action::Stored || action == Action::NotStored ||
         action == Action::BannedRange || action == Action::NotBarred ||
         action == Action::Audited || action == Action::NotAudited;
}

std::vector<Scenario> parse_script(const std::string& file, std::string_view text) {
  Reader reader;
  reader.file = reader.prologue.file = file;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) {
    ++reader.line;
    read(reader, line);
  }
  if (reader.scenarios.empty()) reader.fail("no scenario: one begins with == and its title");
  return std::move(reader.scenarios);
}

std::vector<Scenario> load_folder(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Scenario> all;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    auto scenarios = parse_script(file.string(), text);
    std::move(scenarios.begin(), scenarios.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace signaller::transcript
