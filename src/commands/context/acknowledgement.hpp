// The ACK of a labelled command.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "commands/context/answers.hpp"

namespace signaller::commands {

/// Unlabelled commands get no ACK: then nothing here has an effect.
class Acknowledgement {
 public:
  /// Both must outlive this.
  Acknowledgement(const Request& request, const Answers& answers)
      : request_(request), answers_(answers) {}

  /// Sets the ACK's target. It is `*` otherwise.
  void set(std::string_view target);
  /// Also sets the message that the ACK is about.
  void set(std::string_view target, std::string msgid, std::uint64_t seq);
  /// As `set`, and remembers the message, so that a retry gets the same ACK.
  void set_message(std::string_view target, const std::string& msgid, std::uint64_t seq);
  /// If the caller has already sent a message with this label, repeats its ACK and returns true.
  [[nodiscard]] bool answer_retry(Effects& out);
  /// Sends the ACK, or lets it wait until the store has the message. At most once.
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
  std::uint64_t seq_ = 0;  ///< 0: about no message
};

}  // namespace signaller::commands
