#include "tests/transcript/edge.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "irc/text/text.hpp"
#include "tests/transcript/pattern.hpp"

namespace signaller::transcript {
namespace {

/// Maximum number of inputs in one step; a protocol that causes more inputs is in a loop.
constexpr int MostInputs = 100'000;

}  // namespace

std::string closed_line(std::uint16_t code, std::string_view reason) {
  constexpr std::size_t MostReason = 123;  // the maximum in RFC 6455 §5.5
  return "(closed " + std::to_string(code) + (reason.empty() ? "" : " ") +
         std::string(irc::cut_utf8(reason, MostReason)) + ")";
}

Edge::Edge(port::Protocol& protocol) : protocol_(&protocol) {}

void Edge::connect(const std::string& name, const std::string& address) {
  auto& client = clients_[name];
  client = Client();
  ++generation_;
  client.id = {0, 0, generation_ % 7, generation_};
  known_.insert(client.id);
  client.open = true;
  client.frame_limit = protocol_->first_frame_limit();
  run([this, id = client.id, address] { return protocol_->on_open({id, address, "/", ""}, now_); });
}

void Edge::send(const std::string& name, std::string frame) {
  auto& client = clients_.at(name);
  if (!client.open) {
    if (client.gone == 0) return;
    run([this, id = client.id, frame = std::move(frame)] {
      return protocol_->on_text(id, frame, now_);
    });
    return;
  }
  if (frame.size() > client.frame_limit) {
    client.received.push_back(closed_line(1009, "frame too long"));
    end(client, 1009, true);
    return;
  }
  client.unconfirmed.push_back(std::move(frame));
  hear(client);
}

void Edge::close(const std::string& name, std::uint16_t code) {
  auto& client = clients_.at(name);
  if (client.open || client.gone != 0) end(client, code, false);
}

void Edge::stall(const std::string& name) {
  clients_.at(name).stalled = true;
}

void Edge::drain(const std::string& name) {
  auto& client = clients_.at(name);
  client.stalled = false;
  if (client.open && client.draining) {
    client.draining = false;
    run([this, id = client.id] { return protocol_->on_drain(id, now_); });
  }
  hear(client);
}

void Edge::go(const std::string& name) {
  auto& client = clients_.at(name);
  client.lingers = false;
  if (client.gone == 0) return;
  run([this, id = client.id, code = std::exchange(client.gone, std::uint16_t{0})] {
    return tell_closed(id, code, true);
  });
}

void Edge::verify_waiting() {
  auto waiting = std::move(unverified_);
  unverified_.clear();
  for (const auto& question : waiting) {
    run([this, token = question.token, ok = question.hash == question.password] {
      return protocol_->on_verified({token, ok, false}, now_);
    });
  }
}

void Edge::store_waiting() {
  auto waiting = std::move(unstored_);
  unstored_.clear();
  for (const auto& batch : waiting) {
    save(batch);
    run([] { return port::Effects(); });
  }
}

void Edge::tell_store(port::StoreEvent::Kind kind, bool incomplete) {
  run([this, event = port::StoreEvent{kind, incomplete, "so it is"}] {
    return protocol_->on_store(event, now_);
  });
}

void Edge::set_store(std::string_view what) {
  using Kind = port::StoreEvent::Kind;
  answers_.store_leaves_out = what == "takes none";
  answers_.store_stalls = what == "stalls";
  if (what == "goes on") return store_waiting();
  const bool was_away = std::exchange(answers_.store_fails, what == "is away");
  if (answers_.store_fails && !was_away) {
    store_waiting();
    tell_store(Kind::Away);
  }
  if (!answers_.store_fails && was_away) {
    const bool empty = what == "is back empty";
    if (empty) store_ = std::make_unique<persist::MemoryStore>();
    tell_store(Kind::Ready, empty);
  }
}

port::Snapshot Edge::stored() {
  port::Snapshot snapshot;
  store_->load([&](port::Restored restored) { snapshot = std::move(restored.snapshot); });
  return snapshot;
}

void Edge::follow(port::Protocol& follower, bool asked) {
  if (asked) run([this] { return protocol_->on_shutdown(now_); });
  for (auto& [name, client] : clients_) {
    client.open = false;
    client.gone = client.last_word = 0;
    client.unconfirmed.clear();
  }
  known_.clear();
  unstored_.clear();
  unverified_.clear();
  wake_ms_ = 0;
  protocol_ = &follower;
  run([this] {
    port::Snapshot snapshot = stored();
    return protocol_->on_restored(snapshot, problems_, now_);
  });
}

void Edge::get(const std::string& path, const std::string& query, const std::string& host) {
  ++generation_;
  const port::ConnectionId id{0, 0, generation_ % 7, generation_};
  known_.insert(id);
  run([this, id, path, query, host] {
    return protocol_->on_http({id, "GET", path, query, host, {}, false}, now_);
  });
  known_.erase(id);
}

void Edge::advance(std::int64_t ms) {
  const auto until = now_.steady_ms + ms;
  while (wake_ms_ != 0 && wake_ms_ <= until) {
    const auto step = std::max<std::int64_t>(0, wake_ms_ - now_.steady_ms);
    now_ = {now_.unix_ms + step, now_.steady_ms + step};
    wake_ms_ = 0;
    run([this] { return protocol_->on_tick(now_); });
  }
  now_ = {now_.unix_ms + until - now_.steady_ms, until};
}

void Edge::shut_down() {
  run([this] { return protocol_->on_shutdown(now_); });
  for (auto& [name, client] : clients_) {
    if (!client.open) continue;
    client.received.push_back(closed_line(1001, "shutting down"));
    end(client, 1001, true);
  }
}

void Edge::close_all() {
  for (auto& [name, client] : clients_) {
    go(name);
    if (client.open) end(client, 1000, false);
  }
}

bool Edge::is_open(const std::string& name) const {
  const auto found = clients_.find(name);
  return found != clients_.end() && found->second.open;
}

/// Inputs that effects cause come after the current input, each in a turn of its own.
void Edge::run(Input input) {
  inputs_.push_back(std::move(input));
  if (running_) return;
  running_ = true;
  for (int count = 0; !inputs_.empty(); ++count) {
    if (count == MostInputs) {
      fault("one step caused more than 100,000 inputs");
      inputs_.clear();
      break;
    }
    const auto next = std::move(inputs_.front());
    inputs_.pop_front();
    carry_out(next());
    carry_out(protocol_->on_turn_end(now_));
    if (wake_ms_ != 0 && wake_ms_ <= now_.steady_ms) {
      wake_ms_ = 0;
      inputs_.push_back([this] { return protocol_->on_tick(now_); });
    }
  }
  running_ = false;
}

void Edge::carry_out(const port::Effects& effects) {
  for (const auto& effect : effects) {
    std::visit([this](const auto& each) { apply(each); }, effect);
  }
}

void Edge::hear(Client& client) {
  run([this, id = client.id] { return hear_next(id); });
}

/// Passes frames to the core, one after the other, until the connection has to wait. A client that
/// has closed gets no answers, but its frames are processed before its end.
port::Effects Edge::hear_next(port::ConnectionId id) {
  Client* client = find(id);
  if (client == nullptr || client->held) return {};
  const bool leaves = client->last_word != 0;
  if (!leaves && (!client->open || client->draining)) return {};
  if (client->unconfirmed.empty()) {
    const auto code = std::exchange(client->last_word, std::uint16_t{0});
    return leaves ? tell_closed(id, code, false) : port::Effects();
  }
  const auto frame = std::move(client->unconfirmed.front());
  client->unconfirmed.pop_front();
  carry_out(protocol_->on_text(id, frame, now_));
  // The next frame is handled after the effects of this one.
  inputs_.push_back([this, id] { return hear_next(id); });
  return {};
}

void Edge::end(Client& client, std::uint16_t code, bool by_server) {
  client.open = false;
  client.topics.clear();
  if (!by_server) {
    client.gone = 0;
    client.last_word = code;
    run([this, id = client.id] { return protocol_->on_gone(id, now_); });
    return hear(client);
  }
  client.unconfirmed.clear();
  if (client.lingers) {
    client.gone = code;
  } else {
    run([this, id = client.id, code] { return tell_closed(id, code, true); });
  }
}

/// Reports the end of a connection to the protocol. Afterwards, no effect may be addressed to the
/// connection.
port::Effects Edge::tell_closed(port::ConnectionId id, std::uint16_t code, bool by_server) {
  carry_out(protocol_->on_close({id, code, by_server}, now_));
  known_.erase(id);
  return {};
}

Client* Edge::find(port::ConnectionId id) {
  for (auto& [name, client] : clients_) {
    if (client.id == id) return &client;
  }
  return nullptr;
}

/// Returns the client to which an effect is addressed.
Client* Edge::addressed(port::ConnectionId id) {
  if (known_.count(id) == 0) fault("an effect names no connection that there is");
  return find(id);
}

void Edge::deliver(Client& client, const std::string& line) {
  const std::string_view forbidden{"\n\r\0", 3};
  if (line.find_first_of(forbidden) != std::string::npos) {
    fault("more than a line in one frame: " + readable(line));
  }
  client.received.push_back(line);
}

void Edge::deliver(Client& client, const port::Forms& forms, port::Form form) {
  if (form >= forms.size() || forms[form] == nullptr) {
    fault("published without the form that a subscriber needs: " + std::to_string(form));
    return;
  }
  deliver(client, *forms[form]);
}

void Edge::fault(const std::string& what) {
  faults_.push_back(what);
}

}  // namespace signaller::transcript
