#include "persist/redis/poison_finder.hpp"

#include <algorithm>

namespace signaller::persist {

PoisonFinder::WrittenRecord PoisonFinder::describe(const Argv* commands, std::size_t count) {
  WrittenRecord record;
  // Takes the XADD, not the DEL of the same key that precedes the first message of a log.
  const Argv& named = count == 2 && commands[1][0] == "XADD" ? commands[1] : commands[0];
  record.name = named[1];
  const std::size_t part = named[0] == "XADD" ? 4 : 2;
  if (part < named.size()) record.name.append(" ").append(named[part]);
  // Position of the payload. The time and the msgid identify a message, because sequence numbers
  // restart with a channel.
  constexpr std::size_t Payload = 6;
  if (named[0] == "XADD" && Payload < named.size()) {
    const std::string& payload = named[Payload];  // the text of a message must not appear in a log
    record.name.append(" ").append(payload, 0, payload.find(' ', payload.find(' ') + 1));
  }
  for (std::size_t i = 0; i < count; ++i) {
    for (const auto& word : commands[i]) record.bytes += word.size();
  }
  return record;
}

bool PoisonFinder::is_poison(const WrittenRecord& record) const {
  const auto found = poison_.find(record.name);
  return found != poison_.end() && record.bytes >= found->second;
}

void PoisonFinder::on_connection_closed(const std::vector<WrittenRecord>& records) {
  if (records.empty()) return;
  const bool is_alone = records.size() == 1;
  const bool repeated = is_alone && losses_alone_ > 0 && is_suspect(records[0]);
  if (repeated && losses_alone_ + 1 == RequiredLosses) {
    suspected_.clear();
    losses_alone_ = 0;
    if (poison_.size() >= MaxPoison) poison_.clear();
    poison_[records[0].name] = records[0].bytes;
    return;
  }
  losses_alone_ = repeated ? losses_alone_ + 1 : is_alone ? 1 : 0;
  suspected_.clear();
  for (const WrittenRecord& record : records) suspected_.insert(record.name);
  max_batch_ = std::max<std::size_t>(1, records.size() / 8);
}

}  // namespace signaller::persist
