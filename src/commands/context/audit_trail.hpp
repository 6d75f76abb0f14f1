// Notes in the audit log what server operators do.
#pragma once

#include <string>
#include <string_view>

#include "commands/context/request.hpp"

namespace signaller::commands {

class AuditTrail {
 public:
  /// `request` must outlive this.
  explicit AuditTrail(const Request& request) : request_(request) {}

  /// Whether the caller is a server operator, who may do to `target` what others may not. If so,
  /// and the command does not note it itself, `note_power` does.
  bool use_power(std::string_view target);
  /// For the end of a command that was not refused: notes the use of power.
  void note_power(port::Effects& out);

  /// Notes a deed of a server operator; does nothing for other callers. No secrets.
  /// @param before, after  the state that was changed; both may be empty
  void note(port::Effects& out, std::string_view target, std::string_view reason,
            std::string_view before = {}, std::string_view after = {});
  /// Notes a deed of any caller.
  void note_always(port::Effects& out, std::string_view target, std::string_view reason,
                   std::string_view before = {}, std::string_view after = {});

 private:
  const Request& request_;
  bool noted_ = false;
  std::string power_;  ///< the target of the power that was used
};

}  // namespace signaller::commands
