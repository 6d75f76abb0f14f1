// A client's frame: its lines, and the label, verb and arguments of each line, which are views into
// the frame. No byte between them is lost; no command accepts arguments that its usage forbids.
// Input: the frame.
#include <algorithm>

#include "commands/grammar/args.hpp"
#include "commands/grammar/line_decoder.hpp"
#include "commands/grammar/registry.hpp"
#include "irc/text/text.hpp"
#include "tests/fuzz/must.hpp"

namespace {

using namespace signaller::fuzz;
namespace commands = signaller::commands;

bool lies_in(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

std::string without_spaces(std::string_view text) {
  std::string out(text);
  out.erase(std::remove(out.begin(), out.end(), ' '), out.end());
  return out;
}

void check_arguments(const commands::Command& command, std::string_view line, std::size_t from) {
  const auto args = commands::Args::fill(command.shape, line, from);
  if (!args) return;
  std::string all;
  for (std::size_t i = 0; i < command.shape.count; ++i) {
    const std::string_view arg = (*args)[i];
    const commands::Slot slot = command.shape.slots[i];
    must(lies_in(arg, line), "an argument is a part of its line");
    must(!slot.required || !arg.empty(), "what is required is there");
    must(args->has(i) == !arg.empty(), "an argument is there if it is not empty");
    if (!arg.empty()) must(line.substr(args->offset(i), arg.size()) == arg, "it is where it is");
    const bool last = i + 1 == command.shape.count;
    must(last || arg.find(' ') == std::string_view::npos, "only the last one has spaces");
    all += arg;
  }
  must(without_spaces(all) == without_spaces(line.substr(from)), "no argument is lost");
}

void check_line(std::string_view line) {
  const commands::DecodedLine decoded = commands::decode_line(line);
  must(lies_in(decoded.label, line) && lies_in(decoded.name, line), "views into the line");
  must(decoded.rest <= line.size(), "what follows begins in the line");
  must(decoded.label.size() <= commands::MaxLabel, "a label within its limit");
  for (const char c : decoded.label) {
    must(std::string_view("_.-").find(c) != std::string_view::npos ||
             (signaller::irc::fold(c) >= 'a' && signaller::irc::fold(c) <= 'z') ||
             (c >= '0' && c <= '9'),
         "a label of its characters");
  }
  const bool labelled = !line.empty() && line.front() == '@';
  must(labelled == (!decoded.label.empty() || decoded.error == commands::LineError::BadLabel),
       "a label, or it is ill-formed");
  if (decoded.error == commands::LineError::BadLabel) return;
  must(decoded.name.find(' ') == std::string_view::npos, "a verb is one word");
  must(decoded.rest == line.size() || line[decoded.rest] == ' ', "a space behind the verb");
  if (decoded.error != commands::LineError::None) return;
  const auto* command = commands::find_command(decoded.name);
  if (command != nullptr) check_arguments(*command, line, decoded.rest);
  for (const auto* each : commands::all_commands()) check_arguments(*each, line, decoded.rest);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view frame = text_of(data, size);
  std::string_view rest = frame;
  while (!rest.empty()) {
    const std::size_t before = rest.size();
    const std::string_view line = commands::take_line(rest);
    must(rest.size() < before, "a line is taken");
    must(lies_in(line, frame) && line.find('\n') == std::string_view::npos, "one line");
    check_line(line);
  }
  return 0;
}
