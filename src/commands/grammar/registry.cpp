#include "commands/grammar/registry.hpp"

#include <unordered_map>

#include "irc/text/text.hpp"

namespace signaller::commands {
namespace {

using Index =
    std::unordered_map<std::string_view, const Command*, irc::FoldedHash, irc::FoldedEqual>;

Index make_index() {
  Index index;
  for (const Command* command : all_commands()) {
    index.emplace(command->name, command);
    if (!command->alias.empty()) index.emplace(command->alias, command);
  }
  return index;
}

}  // namespace

const Command* find_command(std::string_view name) {
  static const Index by_name = make_index();
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : found->second;
}

const std::vector<const Command*>& all_commands() {
  static const std::vector<const Command*> list{
#define COMMAND(name) &verbs::name,
#include "commands/grammar/commands.def"
#undef COMMAND
  };
  return list;
}

std::string form_of(const Command& command) {
  std::string form = "/";
  form += command.name;
  if (!command.usage.empty()) {
    form += ' ';
    form += command.usage;
  }
  return form;
}

}  // namespace signaller::commands
