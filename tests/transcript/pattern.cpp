#include "tests/transcript/pattern.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace signaller::transcript {
namespace {

using Json = nlohmann::json;

struct Known {
  std::string_view name;
  std::string_view id;
};
/// The ids of ann, bob and cat begin with the same digits; the id of eve looks like a number.
constexpr std::array Ids = {
    Known{"ann", "5f0c3e0000000000000000aa"}, Known{"bob", "5f0c3e0000000000000000bb"},
    Known{"cat", "5f0c3e0000000000000000cc"}, Known{"dan", "5f0d000000000000000000dd"},
    Known{"eve", "5e1000000000000000000005"}, Known{"fay", "aaaaaaaaaaaaaaaaaaaaaaaf"},
};

bool name_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '=';
}

/// Returns the id of a short name; empty if there is none.
std::string id_of(std::string_view name) {
  for (const auto& known : Ids) {
    if (known.name == name) return std::string(known.id);
  }
  if (name.size() < 2 || name.size() > 6 || name[0] != 'p') return {};
  const auto digits = name.substr(1);
  if (digits.find_first_not_of("0123456789") != std::string_view::npos) return {};
  return "b" + std::string(23 - digits.size(), '0') + std::string(digits);
}

struct Escape {
  char byte = 0;
  std::size_t length = 0;  ///< 0: no escape
};
Escape escape_at(std::string_view text) {
  if (text.size() < 2 || text[0] != '\\') return {};
  constexpr std::string_view Letters = "nrt0\\";
  constexpr std::string_view Bytes{"\n\r\t\0\\", 5};
  if (const auto at = Letters.find(text[1]); at != std::string_view::npos) return {Bytes[at], 2};
  if (text[1] != 'x' || text.size() < 4) return {};
  return {static_cast<char>(std::strtol(std::string(text.substr(2, 2)).c_str(), nullptr, 16)), 4};
}

std::string unescape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto escape = escape_at(text);
    out += escape.length > 0 ? escape.byte : text[0];
    text.remove_prefix(escape.length > 0 ? escape.length : 1);
  }
  return out;
}

struct Place {
  enum class Kind : std::uint8_t { None, Name, Word, Fill };
  Kind kind = Kind::None;
  std::size_t length = 0;
  std::string text;  ///< name, or the text to insert
};

Place fill(std::string_view inside) {
  const auto space = inside.find(' ');
  if (space == std::string_view::npos || space == 0) return {};
  if (inside.substr(0, space).find_first_not_of("0123456789") != std::string_view::npos) return {};
  Place place{Place::Kind::Fill, inside.size() + 2, {}};
  const auto unit = unescape(inside.substr(space + 1));
  for (auto n = std::stoul(std::string(inside.substr(0, space))); n > 0; --n) place.text += unit;
  return place;
}

/// Parses `{name}`, `{*}` or `{200 x}` at the beginning of `text`.
Place place_at(std::string_view text) {
  const auto end = text.find('}');
  if (text.empty() || text[0] != '{' || end == std::string_view::npos) return {};
  const auto inside = text.substr(1, end - 1);
  if (inside == "*") return {Place::Kind::Word, end + 1, {}};
  if (auto filled = fill(inside); filled.kind == Place::Kind::Fill) return filled;
  constexpr auto Letters = "abcdefghijklmnopqrstuvwxyz0123456789_";
  if (inside.empty() || inside.find_first_not_of(Letters) != std::string_view::npos) return {};
  return {Place::Kind::Name, end + 1, std::string(inside)};
}

struct Piece {
  enum class Kind : std::uint8_t { Literal, Word, Name, Anything, Something, Object };
  Kind kind = Kind::Literal;
  std::string text;
};
using Pieces = std::vector<Piece>;

/// Whether `whole` contains `part`: objects are compared by member, other values by equality.
bool contains(const Json& whole, const Json& part) {
  if (!part.is_object()) return whole == part;
  if (!whole.is_object()) return false;
  for (const auto& [key, value] : part.items()) {
    if (!whole.contains(key) || !contains(whole[key], value)) return false;
  }
  return true;
}

bool match(const Pieces& pieces, std::size_t at, std::string_view line, Captures& found);

/// Matches a run of bytes that are not in `without`. Tries each length, the shortest first.
bool match_run(const Pieces& pieces, std::size_t at, std::string_view line, const char* without,
               Captures& found) {
  const auto longest = std::min(line.find_first_of(without), line.size());
  for (std::size_t length = 1; length <= longest; ++length) {
    Captures tried = found;
    if (pieces[at].kind == Piece::Kind::Name) {
      tried[pieces[at].text] = std::string(line.substr(0, length));
    }
    if (!match(pieces, at + 1, line.substr(length), tried)) continue;
    found = std::move(tried);
    return true;
  }
  return false;
}

bool match_literal(const Pieces& pieces, std::size_t at, const std::string& text,
                   std::string_view line, Captures& found) {
  return line.substr(0, text.size()) == text &&
         match(pieces, at + 1, line.substr(text.size()), found);
}

bool match_anything(const Pieces& pieces, std::size_t at, std::string_view line, Captures& found) {
  for (std::size_t length = 0; length <= line.size(); ++length) {
    if (match(pieces, at + 1, line.substr(length), found)) return true;
  }
  return false;
}

bool match_object(const std::string& part, std::string_view line) {
  const auto whole = Json::parse(line, nullptr, false);
  return !whole.is_discarded() && contains(whole, Json::parse(part));
}

bool match(const Pieces& pieces, std::size_t at, std::string_view line, Captures& found) {
  if (at == pieces.size()) return line.empty();
  const auto& piece = pieces[at];
  switch (piece.kind) {
    case Piece::Kind::Literal:
      return match_literal(pieces, at, piece.text, line, found);
    case Piece::Kind::Word:
      return match_run(pieces, at, line, " ", found);
    case Piece::Kind::Name:
      if (const auto known = found.find(piece.text); known != found.end()) {
        return match_literal(pieces, at, std::string(known->second), line, found);
      }
      return match_run(pieces, at, line, " ;,\"", found);
    case Piece::Kind::Anything:
      return match_anything(pieces, at, line, found);
    case Piece::Kind::Something:
      return !line.empty();
    case Piece::Kind::Object:
      return match_object(piece.text, line);
  }
  return false;
}

void add_literal(Pieces& pieces, char c) {
  if (pieces.empty() || pieces.back().kind != Piece::Kind::Literal) pieces.emplace_back();
  pieces.back().text += c;
}

void add_glob(Pieces& pieces, std::string_view text) {
  for (const char c : text) {
    if (c == '*') {
      pieces.push_back({Piece::Kind::Anything, {}});
    } else {
      add_literal(pieces, c);
    }
  }
}

/// Handles a part that takes the rest of the pattern; returns false if the part is of another kind.
bool add_tail(Pieces& pieces, std::string_view rest, const Captures& captures) {
  constexpr std::string_view Glob = "~glob ";
  constexpr std::string_view Object = "~json";
  if (rest.substr(0, Glob.size()) == Glob) {
    add_glob(pieces, expand(rest.substr(Glob.size()), captures));
  } else if (rest.substr(0, Object.size()) == Object) {
    pieces.push_back({Piece::Kind::Object, expand(rest.substr(Object.size()), captures)});
  } else if (rest == ":*") {
    add_literal(pieces, ':');
    pieces.push_back({Piece::Kind::Something, {}});
  } else {
    return false;
  }
  return true;
}

Pieces compile(std::string_view pattern, const Captures& captures) {
  Pieces pieces;
  constexpr std::string_view End = " *)";
  if (pattern.substr(0, 8) == "(closed " && pattern.size() > 8 + End.size() &&
      pattern.substr(pattern.size() - End.size()) == End) {
    add_glob(pieces, pattern);
    return pieces;
  }
  const auto text = expand_ids(pattern);
  for (std::string_view rest = text; !rest.empty();) {
    if (add_tail(pieces, rest, captures)) return pieces;
    if (const auto place = place_at(rest); place.kind != Place::Kind::None) {
      if (place.kind == Place::Kind::Fill) {
        for (const char c : place.text) add_literal(pieces, c);
      } else {
        const bool word = place.kind == Place::Kind::Word;
        pieces.push_back({word ? Piece::Kind::Word : Piece::Kind::Name, place.text});
      }
      rest.remove_prefix(place.length);
      continue;
    }
    const auto escape = escape_at(rest);
    add_literal(pieces, escape.length > 0 ? escape.byte : rest[0]);
    rest.remove_prefix(escape.length > 0 ? escape.length : 1);
  }
  return pieces;
}

}  // namespace

std::string expand_ids(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    while (text[at] == '@' && end < text.size() && name_char(text[end])) ++end;
    const auto id = text[at] == '@' ? id_of(text.substr(at + 1, end - at - 1)) : std::string();
    out += id.empty() ? std::string(1, text[at]) : id;
    at = id.empty() ? at + 1 : end;
  }
  return out;
}

std::string readable(std::string_view line) {
  std::string out;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const auto here = line.substr(at, 24);
    const auto* known = std::find_if(Ids.begin(), Ids.end(), [&](auto& k) { return k.id == here; });
    const auto byte = static_cast<unsigned char>(line[at]);
    if (known != Ids.end()) {
      out += "@" + std::string(known->name);
      at += 23;
    } else if (byte < 0x20 || byte == 0x7f) {
      constexpr auto Hex = "0123456789abcdef";
      out += std::string("\\x") + Hex[byte >> 4U] + Hex[byte & 15U];
    } else {
      out += line[at];
    }
  }
  return out.size() <= 600 ? out : out.substr(0, 600) + "… (" + std::to_string(out.size()) + ")";
}

std::string expand(std::string_view text, const Captures& captures) {
  std::string out;
  const auto expanded = expand_ids(text);
  for (std::string_view rest = expanded; !rest.empty();) {
    const auto place = place_at(rest);
    const auto known = captures.find(place.text);
    if (place.kind == Place::Kind::Fill || known != captures.end()) {
      out += place.kind == Place::Kind::Fill ? place.text : known->second;
      rest.remove_prefix(place.length);
      continue;
    }
    const auto escape = escape_at(rest);
    out += escape.length > 0 ? escape.byte : rest[0];
    rest.remove_prefix(escape.length > 0 ? escape.length : 1);
  }
  return out;
}

bool matches(std::string_view pattern, std::string_view line, Captures& captures) {
  return match(compile(pattern, captures), 0, line, captures);
}

}  // namespace signaller::transcript
