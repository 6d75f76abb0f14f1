// RFC 6455 §5.6 and §8.1: text is UTF-8 (RFC 3629). The server closes a connection at the first
// byte that shows that a text is not UTF-8.
#include "tests/rfc6455/suite.hpp"

namespace signaller::net {
namespace {

using Utf8 = Rfc6455;

struct Bad {
  const char* name;
  const char* bytes;      ///< in hexadecimal
  std::size_t offending;  ///< number of the first invalid byte, from 1; 0: the text is cut
};
constexpr Bad NoText[] = {
    {"a continuation alone", "80", 1},
    {"the last continuation alone", "bf", 1},
    {"two continuations", "80bf", 1},
    {"overlong NUL", "c080", 1},
    {"overlong slash in two bytes", "c0af", 1},
    {"the last overlong of two", "c1bf", 1},
    {"overlong slash in three bytes", "e080af", 2},
    {"the last overlong of three", "e09fbf", 2},
    {"overlong slash in four bytes", "f08080af", 2},
    {"the last overlong of four", "f08fbfbf", 2},
    {"the first surrogate", "eda080", 2},
    {"the last high surrogate", "edafbf", 2},
    {"the first low surrogate", "edb080", 2},
    {"the last surrogate", "edbfbf", 2},
    {"a pair of surrogates", "eda080edb080", 2},
    {"U+110000", "f4908080", 2},
    {"above four bytes", "f5808080", 1},
    {"the largest of four bytes", "f7bfbfbf", 1},
    {"five bytes", "f888808080", 1},
    {"six bytes", "fc8480808080", 1},
    {"FE", "fe", 1},
    {"FF", "ff", 1},
    {"two bytes, the second is a letter", "c341", 2},
    {"three bytes, the second is a letter", "e241", 2},
    {"three bytes, the third is a letter", "e28241", 3},
    {"three bytes, the third begins another", "e282e2", 3},
    {"four bytes, the fourth is a letter", "f09f9841", 4},
    {"two bytes, cut", "c3", 0},
    {"three bytes, cut", "e2", 0},
    {"three bytes, cut later", "e282", 0},
    {"four bytes, cut", "f0", 0},
    {"four bytes, cut later", "f09f", 0},
    {"four bytes, cut last", "f09f98", 0},
};

const std::string Texts[] = {
    "",
    "letters",
    std::string("\0", 1),            // U+0000
    std::string("a\0b\x01\x7f", 5),  // controls
    "\xc2\x80",                      // U+0080
    "\xdf\xbf",                      // U+07FF
    "\xe0\xa0\x80",                  // U+0800
    "\xed\x9f\xbf",                  // U+D7FF
    "\xee\x80\x80",                  // U+E000
    "\xef\xbb\xbf"
    "behind a mark",                         // U+FEFF
    "\xef\xb7\x90",                          // U+FDD0, a noncharacter
    "\xef\xbf\xbd\xef\xbf\xbe\xef\xbf\xbf",  // U+FFFD to U+FFFF
    "\xf0\x90\x80\x80",                      // U+10000
    "\xf4\x8f\xbf\xbf",                      // U+10FFFF
    "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5",
    "\xf0\x9f\x98\x80 \xe4\xbd\xa0\xe5\xa5\xbd \xc3\xa9",
};

TEST_P(Utf8, S8_1_ValidTextIsEchoed) {
  for (const std::string& one : Texts) says(text(one), {word("text", one)});
}

TEST_P(Utf8, S5_6_CodePointsMayBeCutBetweenFragments) {
  for (const std::string& one : Texts) {
    for (std::size_t cut = 1; cut < one.size(); ++cut) {
      says(all({first(one.substr(0, cut)), ping("p"), last(one.substr(cut))}),
           {"pong p", word("text", one)});
    }
  }
  std::string bytewise = first("");
  const std::string long_text = "\xe4\xbd\xa0\xf0\x9f\x98\x80\xc3\xa9";
  for (const char byte : long_text) bytewise += next(std::string(1, byte));
  says(bytewise + std::string(last("")), {word("text", long_text)});
}

TEST_P(Utf8, S8_1_InvalidTextEndsTheConnection) {
  for (const Bad& bad : NoText) {
    SCOPED_TRACE(bad.name);
    const std::string bytes = hex(bad.bytes);
    says(text(bytes), NoUtf8);
    says(text("before " + bytes), NoUtf8);
    says(text("\xc3\xa9" + bytes + (bad.offending == 0 ? "" : " behind")), NoUtf8);
    says(all({text("whole"), text(bytes)}), {"text whole", "close 1007", "eof"});
  }
}

TEST_P(Utf8, S8_1_InvalidTextInAnyFragmentEndsTheConnection) {
  for (const Bad& bad : NoText) {
    SCOPED_TRACE(bad.name);
    const std::string bytes = hex(bad.bytes);
    says(all({first(bytes), last("")}), NoUtf8);
    says(all({first("a"), next("b"), last(bytes)}), NoUtf8);
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
      says(all({first(bytes.substr(0, cut)), last(bytes.substr(cut))}), NoUtf8);
    }
    if (bad.offending == 0) says(all({first(bytes), last("letter")}), NoUtf8);
  }
}

TEST_P(Utf8, S8_1_TheServerClosesAtTheFirstInvalidByte) {
  for (const Bad& bad : NoText) {
    if (bad.offending == 0) continue;
    SCOPED_TRACE(bad.name);
    // Of a frame of 1,000 bytes, the client sends only the bytes up to the invalid one.
    const std::string shown = "ok" + hex(bad.bytes).substr(0, bad.offending);
    const auto peer = open();
    peer->put(std::string(text(shown).length_in(2).claims(1'000)));
    hears(*peer, NoUtf8);
    const auto patient = open();
    patient->put(std::string(first(shown.substr(0, shown.size() - 1))));
    patient->put(std::string(next(shown.substr(shown.size() - 1)).length_in(2).claims(1'000)));
    hears(*patient, NoUtf8);
  }
}

TEST_P(Utf8, S5_6_BinaryMessagesMayHoldAnyBytes) {
  for (const Bad& bad : NoText) {
    const std::string bytes = hex(bad.bytes);
    says(all({binary(bytes), binary(bytes).unfinished(), last(bytes)}),
         {"binary " + bytes, "binary " + bytes + bytes});
  }
}

INSTANTIATE_TEST_SUITE_P(Rfc6455, Utf8, Ways, name_of);

}  // namespace
}  // namespace signaller::net
