#include "persist/redis/poison_finder.hpp"

#include <algorithm>

namespace signaller::persist {

PoisonFinder::One PoisonFinder::one(const Argv* commands, std::size_t count) {
  One one;
  // Of a log that is written whole, the first message stands behind the command that empties it.
  const Argv& named = count == 2 && commands[1][0] == "XADD" ? commands[1] : commands[0];
  one.name = named[1];
  const std::size_t part = named[0] == "XADD" ? 4 : 2;
  if (part < named.size()) one.name.append(" ").append(named[part]);
  // Numbers begin anew when a channel does: its time and msgid tell a message from another one.
  constexpr std::size_t Payload = 6;
  if (named[0] == "XADD" && Payload < named.size()) {
    const std::string& text = named[Payload];  // what was said does not belong into a log
    one.name.append(" ").append(text, 0, text.find(' ', text.find(' ') + 1));
  }
  for (std::size_t i = 0; i < count; ++i) {
    for (const auto& word : commands[i]) one.bytes += word.size();
  }
  return one;
}

bool PoisonFinder::refuses(const One& one) const {
  const auto found = refused_.find(one.name);
  return found != refused_.end() && one.bytes >= found->second;
}

void PoisonFinder::hung_up(const std::vector<One>& written) {
  if (written.empty()) return;
  const bool single = written.size() == 1;
  const bool again = single && alone_ > 0 && has(written[0]);
  if (again && alone_ + 1 == TimesAlone) {
    suspects_.clear();
    alone_ = 0;
    if (refused_.size() >= MostRefused) refused_.clear();
    refused_[written[0].name] = written[0].bytes;
    return;
  }
  alone_ = again ? alone_ + 1 : single ? 1 : 0;
  suspects_.clear();
  for (const One& one : written) suspects_.insert(one.name);
  most_ = std::max<std::size_t>(1, written.size() / 8);
}

}  // namespace signaller::persist
