#include "commands/common/pagination.hpp"

#include "irc/text/text.hpp"

namespace signaller::commands {

using irc::Failure;

std::optional<std::uint64_t> read_limit(Context& ctx, std::string_view text,
                                        std::uint64_t otherwise, Effects& refusal) {
  if (text.empty()) return otherwise;
  const auto limit = irc::parse_number(text);
  if (limit && *limit > 0) return limit;
  refusal = ctx.fail(Failure::InvalidValue, {"limit"}, "A limit is a whole number from 1 on");
  return std::nullopt;
}

std::optional<Page> read_page(Context& ctx, std::string_view limit, std::string_view after,
                              Effects& refusal) {
  const auto number = read_limit(ctx, limit, NoLimit, refusal);
  if (!number) return std::nullopt;
  Page page;
  page.limit = *number;
  if (after.empty()) return page;
  page.after = irc::PeerId::parse(after);
  if (page.after) return page;
  refusal = ctx.fail(Failure::InvalidValue, {"after-id"},
                     "The list goes on after an id of 24 hex digits");
  return std::nullopt;
}

}  // namespace signaller::commands
