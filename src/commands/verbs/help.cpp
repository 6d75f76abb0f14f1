#include "commands/context/context.hpp"
#include "commands/grammar/registry.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

Result<Effects> explain(Context& ctx, const Command& command) {
  Effects out;
  std::string form = form_of(command);
  if (!command.alias.empty()) form += fmt::format(" (also /{})", command.alias);
  ctx.reply(out, ctx.numeric(Reply::HelpStart, {command.name}, form));
  ctx.reply(out, ctx.numeric(Reply::HelpText, {command.name}, command.summary));
  ctx.reply(out, ctx.numeric(Reply::HelpEnd, {command.name},
                             fmt::format("Example: {}", command.example)));
  return out;
}

Result<Effects> overview(Context& ctx) {
  Effects out;
  ctx.reply(out, ctx.numeric(Reply::HelpStart, {"*"}, "Commands, one per line"));
  for (const Command* command : all_commands()) {
    ctx.reply(out, ctx.numeric(Reply::HelpText, {"*"},
                               fmt::format("{} - {}", form_of(*command), command->summary)));
  }
  ctx.reply(out,
            ctx.numeric(Reply::HelpEnd, {"*"}, "/help <command> shows its usage and an example"));
  return out;
}

Result<Effects> run_help(Context& ctx, const Args& args) {
  if (!args.has(0)) return overview(ctx);
  std::string_view name = args[0];
  if (name.front() == '/') name.remove_prefix(1);
  const Command* command = find_command(name);
  if (command == nullptr) return ctx.refuse(Reply::UnknownCommand, {name});
  return explain(ctx, *command);
}

}  // namespace

constexpr Command verbs::help{
    "help",
    "[command]",
    "list the commands, or show one with its usage and an example",
    "/help kick",
    Access::Anybody,
    Cost{1},
    Replies{Reply::HelpStart, Reply::HelpText, Reply::HelpEnd, Reply::UnknownCommand},
    run_help};

}  // namespace signaller::commands
