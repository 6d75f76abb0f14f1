#include "commands/grammar/relaxed_json.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "irc/text/object_id.hpp"

namespace signaller::commands {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_key_char(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}
bool is_word_char(char c) {
  return is_key_char(c) || c == '+' || c == '-' || c == '.';
}

std::size_t count_digits(std::string_view text, std::size_t from) {
  std::size_t i = from;
  while (i < text.size() && is_digit(text[i])) ++i;
  return i - from;
}

/// Whether the word is a JSON number (RFC 8259 §6).
bool is_number(std::string_view word) {
  std::size_t i = !word.empty() && word[0] == '-' ? 1 : 0;
  const std::size_t whole = count_digits(word, i);
  if (whole == 0 || (whole > 1 && word[i] == '0')) return false;
  i += whole;
  if (i < word.size() && word[i] == '.') {
    const std::size_t fraction = count_digits(word, i + 1);
    if (fraction == 0) return false;
    i += 1 + fraction;
  }
  if (i < word.size() && (word[i] == 'e' || word[i] == 'E')) {
    ++i;
    if (i < word.size() && (word[i] == '+' || word[i] == '-')) ++i;
    const std::size_t exponent = count_digits(word, i);
    if (exponent == 0) return false;
    i += exponent;
  }
  return i == word.size();
}

/// A recursive descent parser. A reading function returns false once `error_` is set. It appends
/// the parsed text to `out_` as strict JSON.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::variant<std::vector<JsonMember>, JsonError> read() {
    std::vector<JsonMember> members;
    if (!read_members(members)) return error_;
    return members;
  }

 private:
  bool fail(std::size_t offset, std::string_view expected) {
    error_ = {offset, expected};
    return false;
  }

  [[nodiscard]] bool at(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool take(char c) {
    skip_space();
    if (!at(c)) return false;
    ++at_;
    return true;
  }
  void skip_space() {
    while (at(' ') || at('\t')) ++at_;
  }
  std::string_view take_while(bool (*wanted)(char)) {
    const std::size_t first = at_;
    while (at_ < text_.size() && wanted(text_[at_])) ++at_;
    return text_.substr(first, at_ - first);
  }

  bool read_members(std::vector<JsonMember>& members) {
    if (!take('{')) return fail(at_, "an object that begins with {");
    if (!take('}')) {
      do {
        skip_space();
        JsonMember member;
        member.offset = at_;
        out_.clear();
        if (!read_key()) return false;
        const bool plain = out_.find('\\') == std::string::npos;
        member.key = plain ? out_.substr(1, out_.size() - 2) : decode_json_string(out_);
        out_.clear();
        const auto kind = read_value(1);
        if (!kind) return false;
        member.kind = *kind;
        member.text = std::move(out_);
        if (members.size() == MaxJsonMembers) return fail(member.offset, "at most 256 members");
        members.push_back(std::move(member));
      } while (take(','));
      if (!take('}')) return fail(at_, ", or }");
    }
    skip_space();
    return at_ == text_.size() || fail(at_, "the end of the line");
  }

  /// Reads a key and its colon; writes only the key.
  bool read_key() {
    if (at('"') || at('\'')) {
      if (!read_string()) return false;
    } else {
      const std::string_view word = take_while(is_key_char);
      if (word.empty()) return fail(at_, "a key");
      write_word(word);
    }
    return take(':') || fail(at_, ":");
  }

  std::optional<JsonKind> read_value(std::size_t depth) {
    skip_space();
    if (at('{') || at('[')) {
      const bool object = at('{');
      if (depth == MaxJsonDepth) {
        fail(at_, "at most 64 levels");
        return std::nullopt;
      }
      if (!read_container(object, depth + 1)) return std::nullopt;
      return object ? JsonKind::Object : JsonKind::Array;
    }
    if (at('"') || at('\'')) {
      if (!read_string()) return std::nullopt;
      return JsonKind::String;
    }
    return read_word();
  }

  bool read_container(bool object, std::size_t depth) {
    const char end = object ? '}' : ']';
    out_ += text_[at_++];
    if (take(end)) {
      out_ += end;
      return true;
    }
    for (;;) {
      skip_space();
      if (object) {
        if (!read_key()) return false;
        out_ += ':';
      }
      if (!read_value(depth)) return false;
      if (take(end)) break;
      if (!take(',')) return fail(at_, object ? ", or }" : ", or ]");
      out_ += ',';
    }
    out_ += end;
    return true;
  }

  std::optional<JsonKind> read_word() {
    const std::size_t first = at_;
    const std::string_view word = take_while(is_word_char);
    if (irc::ObjectId::parse(word)) {
      write_word(word);
      return JsonKind::String;
    }
    out_ += word;
    if (word == "null") return JsonKind::Null;
    if (word == "true" || word == "false") return JsonKind::Boolean;
    const bool number = is_number(word);
    // JSON readers refuse a number that is not finite as a double, and with it the whole text.
    if (number && nlohmann::json::accept(word)) return JsonKind::Number;
    fail(first, number ? "a number within the range of a double" : "a value (text needs quotes)");
    return std::nullopt;
  }

  void write_word(std::string_view word) {
    out_ += '"';
    out_ += word;
    out_ += '"';
  }

  bool read_string() {
    const std::size_t first = at_;
    const char quote = text_[at_++];
    out_ += '"';
    while (at_ < text_.size() && !at(quote)) {
      const char c = text_[at_];
      if (static_cast<unsigned char>(c) < 0x20U)
        return fail(at_, "an escape sequence instead of a control character");
      if (c == '\\') {
        if (!read_escape(quote)) return false;
        continue;
      }
      if (c == '"') out_ += '\\';  // a double quote in a string with single quotes
      out_ += c;
      ++at_;
    }
    if (at_ == text_.size()) return fail(first, "a string with a closing quote");
    ++at_;
    out_ += '"';
    return true;
  }

  bool read_escape(char quote) {
    const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (c == 'u') return read_unicode();
    if (c == '\'' && quote == '\'') {
      out_ += c;
    } else if (c != '\0' && std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos) {
      out_ += text_.substr(at_, 2);
    } else {
      return fail(at_, "a JSON escape sequence");
    }
    at_ += 2;
    return true;
  }

  /// Reads one `\uXXXX`, or two that form a surrogate pair.
  bool read_unicode() {
    const auto unit = unit_at(at_);
    if (!unit) return fail(at_, "four hex digits");
    std::size_t length = 6;
    if (*unit >= 0xd800U && *unit <= 0xdfffU) {
      const auto low = unit_at(at_ + 6);
      if (*unit >= 0xdc00U || !low || *low < 0xdc00U || *low > 0xdfffU) {
        return fail(at_, "a whole surrogate pair");
      }
      length = 12;
    }
    out_ += text_.substr(at_, length);
    at_ += length;
    return true;
  }

  [[nodiscard]] std::optional<unsigned> unit_at(std::size_t i) const {
    const std::string_view text = text_.substr(std::min(i, text_.size()), 6);
    if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return std::nullopt;
    unsigned unit = 0;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
    if (error != std::errc{} || end != text.data() + 6) return std::nullopt;
    return unit;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
  JsonError error_;
};

}  // namespace

std::variant<std::vector<JsonMember>, JsonError> read_json_object(std::string_view text) {
  return Reader(text).read();
}

std::string decode_json_string(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  return json.is_string() ? json.get<std::string>() : std::string{};
}

std::optional<std::vector<std::string>> decode_json_strings(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_array()) return std::nullopt;  // parsing fails if a number is too large
  std::vector<std::string> strings;
  for (const auto& item : json) {
    if (!item.is_string()) return std::nullopt;
    strings.push_back(item.get<std::string>());
  }
  return strings;
}

}  // namespace signaller::commands
