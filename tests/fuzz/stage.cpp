#include "tests/fuzz/stage.hpp"

#include <algorithm>

#include "tests/fuzz/must.hpp"
#include "tests/fuzz/plain_text.hpp"

namespace signaller::fuzz {
namespace {

constexpr std::int64_t Hour = 3'600'000;

/// Rates are unlimited unless a script limits them; otherwise most scripts would only reach a
/// limit.
Config usual() {
  Config config;
  config.slash.limits.cost_rate = 0;
  config.slash.limits.address_rate = 0;
  config.slash.limits.faults = 0;
  config.slash.limits.oper_rate = 0;
  config.slash.id_retention_ms = Hour;
  config.slash.motd = {"Be kind."};
  return config;
}

/// Shortens retention times to an hour. The protocol wakes every ten minutes while such state
/// exists, so days would take too many turns.
void bound_times(commands::Options& options) {
  options.id_retention_ms = std::min(options.id_retention_ms, Hour);
  options.resume_most_ms = std::min(options.resume_most_ms, Hour);
  options.resume_ms = std::min(options.resume_ms, options.resume_most_ms);
  options.describe_timeout_ms = std::min(options.describe_timeout_ms, Hour);
}

}  // namespace

Stage::Stage(const std::vector<std::string>& settings)
    : config_(configured(settings)),
      random_(1),
      protocol_(tests::make_slash(config_.slash, random_, hash_)),
      slash_(&tests::slash_state_of(*protocol_)),
      edge_(*protocol_),
      longest_(longest_line()) {
  edge_.answers().reload = [this] { protocol_->reload(config_.slash); };
}

Config Stage::configured(const std::vector<std::string>& settings) {
  static const Config base = usual();
  Config config = base;
  for (const std::string& setting : settings) change(config, setting);
  // These are not argon2id hashes: the verifier of the tests compares the password itself.
  config.slash.operators = {{"root", "pw", {}}, {"far", "pw", {"198.51.100.0/24"}}};
  return config;
}

void Stage::change(Config& config, const std::string& setting) {
  if (setting == "durable") {
    config.slash.durable = true;
    return;
  }
  Config changed = config;
  changed.slash.operators.clear();
  if (!set_config(made_valid(setting), changed).empty() || !check_config(changed).empty()) return;
  changed.slash.operators = config.slash.operators;
  bound_times(changed.slash);
  config = std::move(changed);
}

void Stage::take(const Step& step) {
  if (over_) return;
  act(step);
  check();
}

void Stage::act(const Step& step) {
  switch (step.act) {
    case Act::Set:
      break;  // settings count only before the first step
    case Act::Says:
      return say(step);
    case Act::Connects:
      return connect(step);
    case Act::Closes:
      if (is_there(step)) edge_.close(place(step), static_cast<std::uint16_t>(step.number));
      break;
    case Act::Stalls:
      return if_open(step, &transcript::Edge::stall);
    case Act::Drains:
      return if_open(step, &transcript::Edge::drain);
    case Act::Lingers:
      return if_open(step, &transcript::Edge::linger);
    case Act::Goes:
      if (is_there(step)) edge_.go(place(step));
      break;
    case Act::TimePasses:
      return let_time_pass(step.number);
    case Act::ClockIsSet:
      set_back_ms_ += std::abs(step.number);
      return edge_.set_clock(step.number);
    case Act::PasswordVerifier:
      return set_verifier(step.text.front());
    case Act::Store:
      return set_store(step.text.front());
    case Act::Reloads:
      return reload(step.text);
    case Act::WillReload:
      return prepare_reload(step.text);
    case Act::Gets:
      return edge_.get(made_valid(step.text), "", "localhost");
    case Act::ShutsDown:
      return shut_down();
    case Act::Dies:
    case Act::Restarts:
      return take_over(step.act == Act::Restarts);
  }
}

void Stage::say(const Step& step) {
  if (!is_there(step)) connect(step);
  edge_.send(place(step), expand(step.text, learnt_));
}

void Stage::if_open(const Step& step, void (transcript::Edge::*call)(const std::string&)) {
  if (edge_.is_open(place(step))) (edge_.*call)(place(step));
}

void Stage::prepare_reload(const std::string& setting) {
  edge_.answers().reload_ok = setting != "no";
  reconfigured_ = true;
  change(config_, setting);
}

/// Whether the client's connection is open, or closed by the server without a reported end.
bool Stage::is_there(const Step& step) {
  const auto found = edge_.clients().find(place(step));
  return found != edge_.clients().end() && (found->second.open || found->second.gone != 0);
}

/// Opens a new connection of the client. An earlier one stays open under its own name, so that a
/// take-over is possible.
void Stage::connect(const Step& step) {
  const std::string address = "192.0.2." + std::to_string(step.client % 3);
  const bool named = step.act == Act::Connects && !step.text.empty();
  places_[step.client] =
      std::string(1, ClientLetters[step.client]) + std::to_string(++connections_);
  edge_.connect(place(step), named ? made_valid(step.text) : address);
}

void Stage::set_verifier(char what) {
  auto& answers = edge_.answers();
  answers.verifier_stalls = what == 's';
  answers.verifier_busy = what == 'b';
  if (what == 'g') edge_.verify_waiting();
}

void Stage::set_store(char what) {
  edge_.set_store(what == 's'   ? "stalls"
                  : what == 'f' ? "is away"
                  : what == 'e' ? "is back empty"
                                : "is back");
  if (what != 's') edge_.set_store("goes on");
}

void Stage::reload(const std::string& setting) {
  change(config_, setting);
  longest_ = std::max(longest_, longest_line());
  reconfigured_ = true;
  protocol_->reload(config_.slash);
}

/// With a durable store, the next server loads the state of the server that shuts down.
void Stage::shut_down() {
  if (config_.slash.durable) {
    take_over(true);
  } else {
    edge_.shut_down();
  }
  over_ = true;
}

/// Starts the next server. First ends a stall or failure of the store, because the next server
/// waits for the answer of the store.
void Stage::take_over(bool asked) {
  longest_ = std::max(longest_, longest_line());
  auto next = tests::make_slash(config_.slash, random_, hash_);
  edge_.answers().store_stalls = edge_.answers().store_fails = false;
  edge_.follow(*next, asked);
  slash_ = &tests::slash_state_of(*next);
  protocol_ = std::move(next);
  if (!reconfigured_ && !edge_.problems().empty()) broken(edge_.problems().front());
}

void Stage::let_time_pass(std::int64_t ms) {
  constexpr std::int64_t Most = 48 * Hour;  // maximum time that passes in one script
  if (passed_ms_ + ms > Most) return;
  passed_ms_ += ms;
  edge_.advance(ms);
}

void Stage::end() {
  set_verifier('g');
  set_store('w');
  std::vector<std::string> names;
  for (const auto& [name, client] : edge_.clients()) names.push_back(name);
  for (const std::string& name : names) edge_.drain(name);
  check();
  edge_.close_all();
  check();
  edge_.advance(4 * Hour + set_back_ms_);
  check();
  check_nothing_is_left();
}

}  // namespace signaller::fuzz
