#include "commands/common/pagination.hpp"

#include "irc/text/text.hpp"

namespace signaller::commands {

using irc::Failure;

Result<std::uint64_t> read_limit(Context& ctx, std::string_view text, std::uint64_t otherwise) {
  if (text.empty()) return otherwise;
  const auto limit = irc::parse_number(text);
  if (limit && *limit > 0) return *limit;
  return ctx.fail(Failure::InvalidValue, {"limit"}, "limit must be a whole number, 1 or more");
}

Result<Page> read_page(Context& ctx, std::string_view limit, std::string_view after) {
  auto number = read_limit(ctx, limit, NoLimit);
  if (!number) return number.refusal();
  Page page;
  page.limit = *number;
  if (after.empty()) return page;
  page.after = irc::PeerId::parse(after);
  if (page.after) return page;
  return ctx.fail(Failure::InvalidValue, {"after-id"}, "after-id must be an id of 24 hex digits");
}

}  // namespace signaller::commands
