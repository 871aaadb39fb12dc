#include "reports/locale_text.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <vector>

namespace hkl {
namespace {

std::vector<std::string> sorted(const char* language, std::vector<std::string> names) {
  const Collation collation(language);
  std::sort(names.begin(), names.end(), [&](const auto& a, const auto& b) { return collation.compare(a, b) < 0; });
  return names;
}

TEST(Collation, RussianPutsYoAfterYeAndNotAfterYa) {
  EXPECT_THAT(sorted("ru", {"Яковлев", "Ёжиков", "Жуков", "Егоров"}),
              testing::ElementsAre("Егоров", "Ёжиков", "Жуков", "Яковлев"));
}

TEST(Collation, EnglishDoesNotPutSmallLettersLast) {
  EXPECT_THAT(sorted("en", {"b", "C", "a", "Á"}), testing::ElementsAre("a", "Á", "b", "C"));
}

TEST(Collation, OnlyEqualBytesAreEqual) {
  const Collation collation("ru");
  EXPECT_EQ(collation.compare("Иванова", "Иванова"), 0);
  EXPECT_NE(collation.compare("\u00e9", "e\u0301"), 0);
}

TEST(Folded, CaseIsGoneBeyondAscii) {
  EXPECT_EQ(folded("ЦЕНА"), folded("цена"));
  EXPECT_EQ(folded("Straße"), folded("STRASSE"));
}

TEST(DisplayWidth, CountsColumnsOfATerminal) {
  EXPECT_EQ(display_width("Цена"), 4u);
  EXPECT_EQ(display_width("名前"), 4u);
  EXPECT_EQ(display_width("e\u0301"), 1u);
}

TEST(CurrencyDigits, FollowIso4217) {
  EXPECT_EQ(currency_digits("RUB"), 2);
  EXPECT_EQ(currency_digits("JPY"), 0);
  EXPECT_EQ(currency_digits("KWD"), 3);
  EXPECT_EQ(currency_digits(""), 2);
}

}  // namespace
}  // namespace hkl
