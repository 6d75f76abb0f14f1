#include "tests/seam/topic_protocol.hpp"

#include <utility>

#include "tests/persist/records.hpp"

namespace signaller::seam {
namespace {

port::Effects send(port::ConnectionId to, std::string text) {
  port::Send line;
  line.to = to;
  line.text = std::move(text);
  return port::Effect(std::move(line));
}

}  // namespace

port::Forms TopicProtocol::forms(const std::string& text) const {
  port::Forms all;
  for (std::size_t form = 0; form < all.size(); ++form) {
    all[form] =
        std::make_shared<const std::string>(name_ + " " + std::to_string(form) + ":" + text);
  }
  return all;
}

port::Effects TopicProtocol::on_text(port::ConnectionId from, std::string_view text,
                                     port::Instant now) {
  const std::string verb(text.substr(0, text.find(' ')));
  const std::string rest(verb.size() < text.size() ? text.substr(verb.size() + 1) : "");
  if (verb == "sub") {
    port::Effects out(port::Subscribe{from, topic_, static_cast<port::Form>(std::stoul(rest))});
    return std::move(out += send(from, "subscribed"));
  }
  if (verb == "pub" || verb == "bin") {
    return port::Effect(
        port::Publish{topic_, forms(rest), port::FrameClass::Chat, from, verb == "bin"});
  }
  if (verb == "save") {
    saver_ = from;
    for (std::size_t i = std::stoul(rest); i > 0; --i) {
      std::string id = std::to_string(++last_record_);
      id.insert(0, 24 - id.size(), '0');
      unsaved_.emplace_back(tests::peer(id, name_));
    }
    return {};
  }
  if (verb == "charge") {
    const auto wait = resources_.costs.take(*uses_.at(from), std::stod(rest), now.steady_ms);
    return send(from, wait == 0 ? "ok" : "limited");
  }
  if (verb == "peers") return send(from, peers(rest));
  if (verb == "shout") return shout(rest);
  if (verb == "away") return away(from, rest);
  return send(from, "mark");
}

port::Effects TopicProtocol::away(port::ConnectionId from, const std::string& what) {
  port::ConnectionId other = from;
  other.node = static_cast<std::uint16_t>(from.node + 1);
  if (what == "close") return port::Effect(port::Close{other, 1000, "of another node"});
  if (what == "hold") return port::Effect(port::Hold{other});
  if (what == "except") {
    return port::Effect(port::Publish{topic_, forms("away"), port::FrameClass::Chat, other});
  }
  if (what == "except union") {
    return port::Effect(port::PublishUnion{
        {topic_, world_.everybody()}, forms("away"), port::FrameClass::Chat, other});
  }
  return send(other, "of another node");
}

std::string TopicProtocol::peers(const std::string& channel) const {
  std::string all;
  for (const auto& [folded, one] : world_.channels()) {
    if (folded != channel) continue;
    for (const auto& [id, member] : one.members()) all += std::string(member.peer->nick()) + " ";
  }
  return all.empty() ? "nobody" : all;
}

port::Effects TopicProtocol::shout(const std::string& rest) const {
  const std::size_t space = rest.find(' ');
  const auto found = world_.channels().find(rest.substr(0, space));
  if (found == world_.channels().end()) return {};
  const auto line = std::make_shared<const std::string>(rest.substr(space + 1));
  return port::Effect(port::Publish{
      found->second.topic_id(), {line, line}, port::FrameClass::Chat, port::ConnectionId{}});
}

port::Effects TopicProtocol::on_turn_end(port::Instant) {
  if (busy_ || !ready_ || unsaved_.empty()) return {};
  busy_ = true;
  under_way_ = unsaved_.size();
  return port::Effect(
      port::Persist{std::vector<port::Record>(unsaved_.begin(), unsaved_.end()), ++token_});
}

port::Effects TopicProtocol::on_stored(const port::Stored& stored, port::Instant) {
  busy_ = false;
  if (stored.token != token_) return send(saver_, "a token of another protocol");
  if (!stored.ok) {
    ready_ = false;  // no further batch until on_store reports Ready
    return send(saver_, "refused");
  }
  const auto end = unsaved_.begin() + static_cast<std::ptrdiff_t>(under_way_);
  saved_.insert(saved_.end(), unsaved_.begin(), end);
  unsaved_.erase(unsaved_.begin(), end);
  return send(saver_, "stored");
}

}  // namespace signaller::seam
