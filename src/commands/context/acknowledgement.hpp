// The ACK of a labelled command.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "commands/context/answers.hpp"

namespace signaller::commands {

/// Only labelled commands get an ACK: for other commands, these functions do nothing.
class Acknowledgement {
 public:
  /// Both references must outlive this object.
  Acknowledgement(const Request& request, const Answers& answers)
      : request_(request), answers_(answers) {}

  /// Sets the ACK's target. Without this call, the target is `*`.
  void set(std::string_view target);
  /// Sets the ACK's target, and the message that the ACK confirms.
  void set(std::string_view target, std::string msgid, std::uint64_t seq);
  /// As `set`, and remembers the message, so that a retry gets the same ACK.
  void set_message(std::string_view target, const std::string& msgid, std::uint64_t seq);
  /// If the caller has already sent a message with this label, repeats its ACK and returns true.
  [[nodiscard]] bool answer_retry(Effects& out);
  /// Sends the ACK, or defers it until the store has the message. Does nothing after answer_retry
  /// has repeated an ACK.
  void add(Effects& out);

  [[nodiscard]] const std::string& target() const { return target_; }

 private:
  [[nodiscard]] PendingAck pending_ack() const;

  const Request& request_;
  const Answers& answers_;
  bool sent_ = false;
  bool stored_ = false;  ///< the message is in the store already
  std::string target_ = "*";
  std::string msgid_;
  std::uint64_t seq_ = 0;  ///< 0: the ACK confirms no message
};

}  // namespace signaller::commands
