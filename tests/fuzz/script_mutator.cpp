#include "tests/fuzz/script_mutator.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "commands/grammar/registry.hpp"
#include "irc/text/text.hpp"
#include "tests/fuzz/script.hpp"
#include "tests/seeded.hpp"

namespace signaller::fuzz {
namespace {

using tests::Seeded;
using Pool = std::vector<std::string>;

const Pool Peers{"@a",
                 "@b",
                 "@c",
                 "@d",
                 "@e",
                 "ann",
                 "bob",
                 "5f0c3e*",
                 "5f0c3e0000000000000000a*",
                 "5f0d*",
                 "nobody",
                 "ip:192.0.2.0/24",
                 "ip:192.0.2.1",
                 "ip:2001:db8::/32"};
const Pool Channels{"#x", "#x", "#x", "#y", "#Y", "#z", "#\xe7\x9b\xb4", "*", "#{63 n}", "#nope"};
const Pool Numbers{"0", "1", "2", "3", "50", "500", "501", "18446744073709551615", "-1"};
const Pool Durations{"1s", "30s", "10m", "24h", "7d", "0s", "99999999999d"};
const Pool Texts{"hi",
                 ":",
                 " two  spaces ",
                 ":so long",
                 "{4096 x}",
                 "{60000 y}",
                 "{61000 z}",
                 "\xe4\xbd\xa0\xe5\xa5\xbd",
                 "\x02"
                 "bold\x0f",
                 "{\"type\":\"danmaku\",\"text\":\"x\"}",
                 "{512 t}",
                 "{513 t}",
                 "{200 \xc3\xa9}"};
const Pool Changes{"+i", "-i",   "+m",      "-m",    "+s",         "-s",   "+P", "-P",
                   "+D", "-D",   "+k seam", "-k",    "+l 1",       "+l 3", "-l", "+S 1",
                   "-S", "+H 2", "+H 0",    "+im-s", "+mlS-k 4 2", "+kk"};
const Pool Descriptions{"{}",
                        "{id:@a}",
                        "{id:@b,nick:'bob'}",
                        "{id:@a,secret:'secret-of-a-0123456789'}",
                        "{id:@b,secret:'secret-of-b-0123456789',caps:['tags','echo']}",
                        "{id:@a,secret:'$a',since:&a}",
                        "{id:@b,secret:'secret-of-b-0123456789',since:&b}",
                        "{id:@c,resume:600,caps:['tags']}",
                        "{id:@d,caps:['no-names']}",
                        "{id:@e,caps:['no-presence'],dm:'shared'}",
                        "{nick:'ann'}",
                        "{nick:null,name:'n'}",
                        "{dm:'none'}",
                        "{name:'{64 n}',info:{a:[1,2.50,'x']}}",
                        "{id:@f,token:'pw',resume:0}",
                        "{since:{'#x':'00000000:0','*':'1:1'}}",
                        "{x:'{4000 i}'}"};
const Pool Names{"root", "far", "nobody"};
const Pool Passwords{"pw", "pw", "wrong"};
const Pool Nicks{"ann", "Ann", "bob", "cat", "{32 n}", "{33 n}", "5f0c3e0000000000000000aa"};
const Pool Places{"before 3", "after 1", "after #x", "after 0"};
const Pool Settings{"limits.presence=2",
                    "limits.presence=1",
                    "history.messages=4",
                    "history.bytes=2000",
                    "history.on_join=3",
                    "limits.inbox=2",
                    "limits.inbox_bytes=300",
                    "limits.suspended=1",
                    "limits.bans=1",
                    "limits.channels=1",
                    "limits.identities=2",
                    "limits.labels=1",
                    "limits.cost_rate=1",
                    "limits.address_rate=200",
                    "limits.faults=3",
                    "limits.line=600",
                    "limits.content=10",
                    "limits.frame_undescribed=512",
                    "limits.persistent=1",
                    "limits.persistent_each=1",
                    "limits.blocks=1",
                    "limits.server_bans=1",
                    "resume=0ms",
                    "resume=30s",
                    "resume_most=1s",
                    "describe_timeout=0ms",
                    "describe_crowd=1",
                    "client_ids=false",
                    "broadcast=peers",
                    "password=pw",
                    "label_memory=1s",
                    "invite_lifetime=1s",
                    "id_retention=1m",
                    "motd=[]",
                    "oper.rate=0.1",
                    "server_name=s",
                    "limits.nick=3",
                    "durable",
                    "durable",
                    "durable",
                    "durability=behind",
                    "ack_timeout=100ms"};

const Pool& pool_of(std::string_view slot) {
  static const std::map<std::string_view, const Pool*> pools{
      {"peer", &Peers},         {"peer|#channel", &Peers},       {"after-id", &Peers},
      {"limit", &Numbers},      {"before|after <seq>", &Places}, {"after #channel", &Places},
      {"duration", &Durations}, {"changes", &Changes},           {"json...", &Descriptions},
      {"name", &Names},         {"password...", &Passwords},     {"nick", &Nicks}};
  const auto found = pools.find(slot);
  if (found != pools.end()) return *found->second;
  if (!slot.empty() && slot.front() == '#') return Channels;
  return Texts;
}

std::string any_value(Seeded& random) {
  static const std::vector<const Pool*> all{&Peers, &Channels, &Numbers, &Durations,
                                            &Texts, &Changes,  &Nicks,   &Descriptions};
  return random.one_of(*random.one_of(all));
}

/// Arguments that nearly always satisfy the usage string.
std::string arguments(const commands::Command& command, Seeded& random) {
  std::string out;
  std::string_view usage = command.usage;
  while (!usage.empty()) {
    const std::size_t end = commands::slot_end(usage);
    std::string_view slot = usage.substr(0, end);
    usage.remove_prefix(std::min(usage.size(), end + 1));
    const bool optional = slot.front() == '[';
    if (slot.front() == '<' || optional) slot = slot.substr(1, slot.size() - 2);
    if ((optional && random.one_in(2)) || random.one_in(40)) continue;
    out += ' ';
    out += random.one_in(20) ? any_value(random) : random.one_of(pool_of(slot));
  }
  return out;
}

std::string command_line(Seeded& random) {
  const auto& all = commands::all_commands();
  // Commands that create a channel or give a right come more often, because most commands need
  // these.
  static const Pool Often{"/join #x", "/join #x", "/join #y", "/quit #x", "/oper root pw"};
  const std::string label =
      random.one_in(3) ? "@label=" + std::to_string(random.below(4)) + ' ' : std::string();
  if (random.one_in(6)) return label + random.one_of(Often);
  if (random.one_in(8)) return label + "/descp " + random.one_of(Descriptions);
  const commands::Command& command = *all[random.below(all.size())];
  const bool other = !command.alias.empty() && random.one_in(3);
  return label + '/' + std::string(other ? command.alias : command.name) +
         arguments(command, random);
}

std::string new_step(Seeded& random) {
  static const Pool Times{"+100",    "+1000",    "+5000",   "+61000",
                          "+601000", "+3700000", "w-60000", "w+3600000"};
  static const Pool Services{"v s", "v g", "v b", "v f", "s s", "s g", "s f", "s w", "s e"};
  static const Pool Ends{
      "! 1006", "! 1000",      "! 1001",         "! 1005",       "~", "~", ".", ".", "?", ",",
      "+",      "+ 192.0.2.9", "+ 198.51.100.7", "+ 2001:db8::1"};
  const std::string client(1, ClientLetters[random.below(random.one_in(4) ? 8 : 3)]);
  const std::size_t what = random.below(40);
  if (what < 24) return client + "> " + command_line(random);
  if (what < 26) return "| " + command_line(random);
  if (what < 32) return client + random.one_of(Ends);
  if (what < 35) return random.one_of(Times);
  if (what < 37) return random.one_of(Services);
  if (what < 38) return "set " + random.one_of(Settings);
  if (what < 39) return (random.one_in(2) ? "r " : "R ") + random.one_of(Settings);
  static const Pool Rare{"x", "h /", "d", "d", "D", "D"};
  return random.one_of(Rare);
}

std::vector<std::string> lines_of(std::string_view script) {
  std::vector<std::string> lines;
  while (!script.empty()) {
    const std::string_view line = script.substr(0, script.find('\n'));
    script.remove_prefix(std::min(script.size(), line.size() + 1));
    lines.emplace_back(line);
  }
  return lines;
}

void change(std::vector<std::string>& lines, Seeded& random) {
  const std::size_t at = random.below(lines.size() + 1);
  const auto place = lines.begin() + static_cast<std::ptrdiff_t>(at);
  switch (place == lines.end() ? 0 : random.below(8)) {
    case 0:
    case 1:
    case 2: {
      const std::string step = new_step(random);
      lines.insert(step.rfind("set ", 0) == 0 ? lines.begin() : place, step);
      return;
    }
    case 3:
      lines.erase(place);
      return;
    case 4:
      *place = new_step(random);
      return;
    case 5: {
      const std::string copy = *place;
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(random.below(lines.size())), copy);
      return;
    }
    case 6:
      std::swap(*place, lines[random.below(lines.size())]);
      return;
    default:  // gives the step to another client
      if (ClientLetters.find(place->substr(0, 1)) != std::string_view::npos && !place->empty()) {
        (*place)[0] = ClientLetters[random.below(3)];
      }
  }
}

}  // namespace

std::string mutate_script(std::string_view script, std::size_t most, std::uint64_t seed) {
  Seeded random(seed);
  std::vector<std::string> lines = lines_of(script);
  for (std::size_t count = 1 + random.below(4); count > 0; --count) change(lines, random);
  std::string out;
  for (const std::string& line : lines) {
    if (out.size() + line.size() + 1 > most) break;
    out += line + '\n';
  }
  return out;
}

}  // namespace signaller::fuzz
