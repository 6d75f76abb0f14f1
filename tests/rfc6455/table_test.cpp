// docs/rfc6455.rst names every test of the suite, and no other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace signaller::net {
namespace {

/// Returns the names of all tests, without instance and parameter: `Framing.S5_1_…`.
std::set<std::string> tests_that_there_are() {
  std::set<std::string> names;
  const testing::UnitTest& all = *testing::UnitTest::GetInstance();
  for (int i = 0; i < all.total_test_suite_count(); ++i) {
    const testing::TestSuite& suite = *all.GetTestSuite(i);
    const std::string name = suite.name();
    const std::string prefix = "Rfc6455/";
    if (name.rfind(prefix, 0) != 0) continue;
    for (int k = 0; k < suite.total_test_count(); ++k) {
      const std::string test = suite.GetTestInfo(k)->name();
      names.insert(name.substr(prefix.size()) + "." + test.substr(0, test.find('/')));
    }
  }
  return names;
}

std::set<std::string> tests_that_the_page_names() {
  std::ifstream file(SIGNALLER_SOURCE_DIR "/docs/rfc6455.rst");
  std::stringstream page;
  page << file.rdbuf();
  std::set<std::string> names;
  std::string word;
  while (page >> word) {
    if (word.rfind("``", 0) == 0 && word.find(".S") != std::string::npos) {
      names.insert(word.substr(2, word.find("``", 2) - 2));
    }
  }
  return names;
}

TEST(Table, NamesEveryTestAndNoOther) {
  EXPECT_GT(tests_that_there_are().size(), 50U);
  EXPECT_THAT(tests_that_the_page_names(), testing::ContainerEq(tests_that_there_are()));
}

}  // namespace
}  // namespace signaller::net
