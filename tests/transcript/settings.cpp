#include "tests/transcript/settings.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "tests/transcript/pattern.hpp"

namespace signaller::transcript {
namespace {

using commands::HistoryLimits;
using commands::Limits;
using commands::Options;
/// A std::function, because the table holds lambdas with captures.
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
Setter kept(std::size_t HistoryLimits::*field) {
  return [field](Options& options, const std::string& value) {
    options.history.*field = std::stoul(value);
  };
}
Setter milliseconds(std::int64_t Options::*field) {
  return
      [field](Options& options, const std::string& value) { options.*field = std::stoll(value); };
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
      {"limits.bans", number(&Limits::bans)},
      {"limits.server_bans", number(&Limits::server_bans)},
      {"limits.blocks", number(&Limits::blocks)},
      {"limits.persistent", number(&Limits::persistent)},
      {"limits.persistent_each", number(&Limits::persistent_each)},
      {"limits.suspended", number(&Limits::suspended)},
      {"limits.identities", number(&Limits::identities)},
      {"limits.inbox", number(&Limits::inbox)},
      {"limits.inbox_bytes", number(&Limits::inbox_bytes)},
      {"limits.labels", number(&Limits::labels)},
      {"limits.oper_rate", real(&Limits::oper_rate)},
      {"limits.oper_burst", real(&Limits::oper_burst)},
      {"limits.cost_rate", real(&Limits::cost_rate)},
      {"limits.address_rate", real(&Limits::address_rate)},
      {"limits.channel_rate", real(&Limits::channel_rate)},
      {"limits.channel_burst", real(&Limits::channel_burst)},
      {"limits.address_burst", real(&Limits::address_burst)},
      {"limits.cost_bytes", number(&Limits::cost_bytes)},
      {"limits.faults", number(&Limits::faults)},
      {"limits.cost_burst", real(&Limits::cost_burst)},
  };
}

/// Parses `root pw from 192.0.2.0/24 2001:db8::/32`; the password may contain spaces.
void add_operator(Options& options, const std::string& value) {
  constexpr std::string_view From = " from ";
  const auto end = std::min(value.find(From), value.size());
  const auto space = value.find(' ');
  if (space >= end) throw std::invalid_argument("<name> <password>");
  commands::OperatorOptions one;
  one.name = value.substr(0, space);
  one.hash = value.substr(space + 1, end - space - 1);
  std::istringstream ranges(value.substr(std::min(end + From.size(), value.size())));
  for (std::string range; ranges >> range;) one.from.push_back(range);
  options.operators.push_back(std::move(one));
}

std::map<std::string, Setter> history_setters() {
  return {
      {"history.messages", kept(&HistoryLimits::messages)},
      {"history.bytes", kept(&HistoryLimits::bytes)},
      {"history.all_bytes", kept(&HistoryLimits::all_bytes)},
      {"history.on_join", kept(&HistoryLimits::on_join)},
      {"history.age_ms",
       [](Options& options, const std::string& value) {
         options.history.age_ms = std::stoll(value);
       }},
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
  setters["describe_timeout_ms"] = milliseconds(&Options::describe_timeout_ms);
  setters["resume_ms"] = milliseconds(&Options::resume_ms);
  setters["resume_most_ms"] = milliseconds(&Options::resume_most_ms);
  setters["id_retention_ms"] = milliseconds(&Options::id_retention_ms);
  setters["invite_ms"] = milliseconds(&Options::invite_ms);
  setters["label_ms"] = milliseconds(&Options::label_ms);
  setters["operator"] = add_operator;
  setters["trusted_proxy"] = [](Options& options, const std::string& value) {
    options.trusted_proxies.push_back(port::AddressRange::parse(value).value());
  };
  setters["audit_entries"] = [](Options& options, const std::string& value) {
    options.audit_entries = std::stoul(value);
  };
  setters.merge(history_setters());
  setters["describe_crowd"] = [](Options& options, const std::string& value) {
    options.describe_crowd = std::stoul(value);
  };
  return setters;
}

}  // namespace

void set(Options& options, const std::string& file, const Setting& setting) {
  static const auto setters = all_setters();
  const auto where = file + ":" + std::to_string(setting.line) + ": ";
  const auto found = setters.find(setting.key);
  if (found == setters.end()) throw ScriptError(where + "no such option: " + setting.key);
  try {
    found->second(options, expand(setting.value, {}));
  } catch (const std::logic_error&) {
    throw ScriptError(where + "not a value: " + setting.value);
  }
}

/// Rate limits are off unless a transcript sets one, because most transcripts test something else.
commands::Options options_of(const Scenario& scenario) {
  Options options;
  options.limits.cost_rate = 0;
  options.limits.address_rate = 0;
  options.limits.channel_rate = 0;
  for (const auto& setting : scenario.settings) set(options, scenario.file, setting);
  return options;
}

}  // namespace signaller::transcript
