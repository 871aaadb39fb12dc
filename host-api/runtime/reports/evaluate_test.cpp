#include "reports/evaluate.h"

#include <gtest/gtest.h>

#include "reports/checker.h"

namespace hkl {
namespace {

const std::vector<OptionType> kTypes = {
    {"yes", Type::boolean, {}}, {"days", Type::decimal, {}}, {"none", Type::decimal, {}}, {"word", Type::text, {}}};
const OptionValues kValues = {
    {"yes", true}, {"days", Rational{5, 2}}, {"none", Value()}, {"word", std::string("Цена")}};

Value value(std::string_view text) {
  const auto node = checked_expression(text, {Scope::Level::settings, &calls_entity(), &kTypes, nullptr});
  if (!node) return node.error().text;
  return evaluate(**node, kValues);
}
bool is_true(std::string_view text) {
  const auto answer = value(text);
  EXPECT_TRUE(std::holds_alternative<bool>(answer)) << text;
  return answer == Value(true);
}

TEST(Evaluate, ArithmeticIsExact) {
  EXPECT_EQ(value("1 / 3 + 1 / 6"), Value(Rational{1, 2}));
  EXPECT_EQ(value("-option.days * 2"), Value(Rational{-5, 1}));
  EXPECT_EQ(value("floor(option.days)"), Value(Rational{2, 1}));
  EXPECT_EQ(value("ceil(-option.days)"), Value(Rational{-2, 1}));
  EXPECT_EQ(value("1 / (option.days - 2.5)"), Value());
}

TEST(Evaluate, ConditionsAreTrueOrFalse) {
  EXPECT_TRUE(is_true("option.yes and option.days > 2"));
  EXPECT_TRUE(is_true("not option.yes or option.days <= 2.5"));
  EXPECT_FALSE(is_true("option.yes = false"));
  EXPECT_TRUE(is_true("option.days in (1, 2.5)"));
  EXPECT_TRUE(is_true("option.days not in (1, 2)"));
  EXPECT_TRUE(is_true("option.word contains 'цЕН'"));
  EXPECT_TRUE(is_true("option.word not contains 'x'"));
  EXPECT_TRUE(is_true("option.word > 'Ца'"));
}

TEST(Evaluate, NothingIsUnlikeEverythingAndLikeNothing) {
  EXPECT_EQ(value("option.none + 1"), Value());
  EXPECT_FALSE(is_true("option.none = 1"));
  EXPECT_FALSE(is_true("option.none < 1"));
  EXPECT_TRUE(is_true("option.none != 1"));
  EXPECT_FALSE(is_true("option.none = option.none"));
  EXPECT_FALSE(is_true("option.none != option.none"));
  EXPECT_TRUE(is_true("option.none not in (1, 2)"));
  EXPECT_TRUE(is_true("option.none is null"));
  EXPECT_TRUE(is_true("option.days is not null"));
  EXPECT_EQ(value("coalesce(option.none, option.days, 1)"), Value(Rational{5, 2}));
}

}  // namespace
}  // namespace hkl
