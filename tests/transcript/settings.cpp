#include "tests/transcript/settings.hpp"

#include <functional>
#include <map>

#include "tests/transcript/pattern.hpp"

namespace signaller::transcript {
namespace {

using commands::Limits;
using commands::Options;
/// std::function: a table of lambdas in a test.
using Setter = std::function<void(Options&, const std::string&)>;

Setter number(std::size_t Limits::*field) {
  return [field](Options& options, const std::string& value) {
    options.limits.*field = std::stoul(value);
  };
}
Setter real(double Limits::*field) {
  return [field](Options& options, const std::string& value) {
    options.limits.*field = std::stod(value);
  };
}
Setter text(std::string Options::*field) {
  return [field](Options& options, const std::string& value) { options.*field = value; };
}
Setter flag(bool Options::*field) {
  return [field](Options& options, const std::string& value) { options.*field = value == "true"; };
}

std::map<std::string, Setter> limit_setters() {
  return {
      {"limits.line", number(&Limits::line)},
      {"limits.frame", number(&Limits::frame)},
      {"limits.frame_undescribed", number(&Limits::frame_undescribed)},
      {"limits.content", number(&Limits::content)},
      {"limits.name", number(&Limits::name)},
      {"limits.nick", number(&Limits::nick)},
      {"limits.channel", number(&Limits::channel)},
      {"limits.info", number(&Limits::info)},
      {"limits.topic", number(&Limits::topic)},
      {"limits.away", number(&Limits::away)},
      {"limits.reason", number(&Limits::reason)},
      {"limits.channels", number(&Limits::channels)},
      {"limits.presence", number(&Limits::presence)},
      {"limits.cost_rate", real(&Limits::cost_rate)},
      {"limits.cost_burst", real(&Limits::cost_burst)},
  };
}

std::map<std::string, Setter> all_setters() {
  auto setters = limit_setters();
  setters["server_name"] = text(&Options::server_name);
  setters["version"] = text(&Options::version);
  setters["boot"] = text(&Options::boot);
  setters["password"] = text(&Options::password);
  setters["client_ids"] = flag(&Options::client_ids);
  setters["durable"] = flag(&Options::durable);
  setters["broadcast"] = [](Options& options, const std::string& value) {
    options.broadcast =
        value == "peers" ? commands::BroadcastBy::Peers : commands::BroadcastBy::Operators;
  };
  setters["motd"] = [](Options& options, const std::string& value) {
    options.motd.push_back(value);
  };
  setters["describe_timeout_ms"] = [](Options& options, const std::string& value) {
    options.describe_timeout_ms = std::stoll(value);
  };
  setters["describe_crowd"] = [](Options& options, const std::string& value) {
    options.describe_crowd = std::stoul(value);
  };
  return setters;
}

}  // namespace

/// Without a limit on the rate unless a transcript asks for one: most are not about it.
commands::Options options_of(const Scenario& scenario) {
  static const auto setters = all_setters();
  Options options;
  options.limits.cost_rate = 0;
  for (const auto& setting : scenario.settings) {
    const auto where = scenario.file + ":" + std::to_string(setting.line) + ": ";
    const auto found = setters.find(setting.key);
    if (found == setters.end()) throw ScriptError(where + "no such option: " + setting.key);
    try {
      found->second(options, expand(setting.value, {}));
    } catch (const std::logic_error&) {
      throw ScriptError(where + "not a value: " + setting.value);
    }
  }
  return options;
}

}  // namespace signaller::transcript
