// Writes the actions of server operators to the audit log.
#pragma once

#include <string>
#include <string_view>

#include "commands/context/request.hpp"

namespace signaller::commands {

class AuditTrail {
 public:
  /// `request` must outlive this object.
  explicit AuditTrail(const Request& request) : request_(request) {}

  /// Returns true if the caller is a server operator, and so may act on `target`. Then note_power
  /// writes an audit entry, unless the command writes one itself.
  bool use_power(std::string_view target);
  /// Call at the end of a command that was not refused: writes an entry if power was used.
  void note_power(port::Effects& out);

  /// Writes an entry about an action of a server operator; does nothing for other callers. The
  /// texts must contain no secrets.
  /// @param before, after  the state before and after the action; both may be empty
  void note(port::Effects& out, std::string_view target, std::string_view reason,
            std::string_view before = {}, std::string_view after = {});
  /// Writes an entry about an action of any caller.
  void note_always(port::Effects& out, std::string_view target, std::string_view reason,
                   std::string_view before = {}, std::string_view after = {});

 private:
  const Request& request_;
  bool noted_ = false;
  std::string power_;  ///< the target on which the power was used
};

}  // namespace signaller::commands
