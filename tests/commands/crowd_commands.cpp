// Random commands of the crowd: all commands that may change the state of a channel, and some
// messages.
#include "irc/text/text.hpp"
#include "tests/commands/crowd.hpp"

namespace signaller::tests {
namespace {

const std::vector<std::string> Channels{"#a", "#b", "#B", "#C", "#d"};

}  // namespace

std::string Crowd::command(Person& person) {
  const std::size_t what = random_.below(20);
  if (what < 6) return say(person);
  if (what < 8) return tell();
  if (what < 11) return enter_or_leave(person);
  if (what < 15) return moderate(person);
  if (what < 17) return change_channel(person);
  if (what < 18) return change_self(person);
  return look(person);
}

std::string Crowd::channel_of(const Person& person) {
  const auto& known = person.model.channels();
  if (known.empty() || random_.one_in(10)) return random_.one_of(Channels);
  return std::next(known.begin(), static_cast<std::ptrdiff_t>(random_.below(known.size())))
      ->second.name;
}

std::string Crowd::somebody() {
  return random_.one_of(people_).id;
}

/// The first word of each message is unique.
std::string Crowd::message(bool long_ones) {
  std::string text = "m" + std::to_string(++messages_);
  if (long_ones && random_.one_in(3)) text += ' ' + std::string(6'000, 'x');
  return text;
}

std::string Crowd::say(Person& person) {
  const std::string channel = channel_of(person);
  const std::string content = message(true);
  const std::string name = label('m');
  std::string line = "@label=" + name + " /pubmsg " + channel + ' ' + content;
  if (random_.one_in(10)) {
    person.deaf = true;  // so that the ACK is lost, too
    person.unsure = {line, name, channel, content, epoch_of(person, channel), now_ms_};
  }
  person.model.expect_ack(name, channel, content);
  return line;
}

std::string Crowd::tell() {
  return labelled('c', "/privmsg " + somebody() + ' ' + message(true));
}

std::string Crowd::enter_or_leave(Person& person) {
  if (random_.one_in(60)) return labelled('c', "/quit :so long");
  if (random_.one_in(3)) return labelled('c', "/quit " + channel_of(person) + " bye");
  const std::string token = random_.one_in(3) ? " sesame" : "";
  return labelled('j', "/join " + random_.one_of(Channels) + token);
}

std::string Crowd::moderate(Person& person) {
  static const std::vector<std::string> Verbs{"/op",   "/op",     "/deop", "/voice", "/devoice",
                                              "/mute", "/unmute", "/kick", "/ban",   "/unban"};
  static const std::vector<std::string> Lengths{"", "", " 2s", " 10m"};
  if (random_.one_in(30)) return labelled('c', "/oper root pw");
  if (random_.one_in(30)) return labelled('c', "/kill " + somebody());
  if (random_.one_in(30)) return labelled('c', "/ban " + somebody() + " * 1s");
  const std::string verb = random_.one_of(Verbs);
  std::string line = verb + ' ' + somebody() + ' ' + channel_of(person);
  if (verb == "/mute" || verb == "/ban") line += random_.one_of(Lengths);
  if (verb == "/kick" && random_.one_in(2)) line += " too loud";
  if ((verb == "/kick" || verb == "/ban") && random_.one_in(4)) line = verb + ' ' + somebody();
  return labelled('c', line);
}

std::string Crowd::change_channel(Person& person) {
  static const std::vector<std::string> Changes{
      "+i",        "-i",   "+m",        "-m",        "+s",    "-s",   "+P",
      "-P",        "+D",   "-D",        "+k seam",   "-k",    "+l 3", "-l",
      "+S 1",      "-S",   "+H 2",      "+H 0",      "+im-s", "-ims", "+mlS-k 4 2",
      "+k sesame", "+i-i", "+Dk token", "-DHPSiklms"};
  const std::string channel = channel_of(person);
  switch (random_.below(5)) {
    case 0:
      return labelled('c', "/topic " + channel + ' ' + (random_.one_in(4) ? ":" : message(false)));
    case 1:
      return labelled('c', "/invite " + somebody() + ' ' + channel);
    case 2: {
      const std::string title = message(false);
      const std::string name = label('t');
      person.model.expect_title(name, channel, title);
      return "@label=" + name + " /descp " + channel + " {name:'" + title + "'}";
    }
    default:
      return labelled('c', "/mode " + channel + ' ' + random_.one_of(Changes));
  }
}

std::string Crowd::change_self(Person& person) {
  static const std::vector<std::string> Nicks{"ann", "Bob", "cat", "DAN"};
  switch (random_.below(6)) {
    case 0:
      return labelled('c', "/away out");
    case 1:
      return labelled('c', "/back");
    case 2:
      return labelled('c', (random_.one_in(2) ? "/block " : "/unblock ") + somebody());
    case 3:
      return labelled('c', "/descp {nick:'" + random_.one_of(Nicks) + "'}");
    case 4:
      return labelled('c', "/descp {nick:null,name:'" + person.id.substr(20) + "'}");
    default:
      return labelled('c', "/nick " + random_.one_of(Nicks));
  }
}

std::string Crowd::look(Person& person) {
  const std::string channel = channel_of(person);
  switch (random_.below(5)) {
    case 0:
      return labelled('c', "/who " + channel);
    case 1:
      return labelled('c', "/whois " + somebody());
    case 2:
      return labelled('c', "/list");
    default: {
      static const std::vector<std::string> Places{"", " 2", " 3 before 5", " 10 after 2"};
      return labelled('h', "/history " + channel + random_.one_of(Places));
    }
  }
}

}  // namespace signaller::tests
