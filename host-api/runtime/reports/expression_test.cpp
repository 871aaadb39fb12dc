#include "reports/expression.h"

#include <gtest/gtest.h>

namespace hkl {
namespace {

// The tree as text, every operation in brackets: "(or a (and b c))".
std::string shape(const Node& node) {
  if (node.kind == NodeKind::literal || node.kind == NodeKind::name) {
    const bool is_text = std::holds_alternative<std::string>(node.value);
    return is_text ? "'" + node.text + "'" : node.text;
  }
  std::string text = "(" + std::string(node.is_negated ? "not " : "") + node.text;
  for (const auto& child : node.children) text += " " + shape(*child);
  if (node.where) text += " where " + shape(*node.where);
  return text + ")";
}

std::string parsed(std::string_view text) {
  const auto node = parse_expression(text);
  return node ? shape(**node) : node.error().text;
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(Expression, OrBindsLooserThanAndAndAndLooserThanNot) {
  EXPECT_EQ(parsed("a or b and not c"), "(or a (and b (not c)))");
  EXPECT_EQ(parsed("not a and b"), "(and (not a) b)");
  EXPECT_EQ(parsed("(a or b) and c"), "(and (or a b) c)");
  EXPECT_EQ(parsed("not not a"), "(not (not a))");
}

TEST(Expression, NotTakesAWholeComparison) { EXPECT_EQ(parsed("not a = 1"), "(not (= a 1))"); }

TEST(Expression, ComparisonsBindLooserThanSumsAndSumsLooserThanProducts) {
  EXPECT_EQ(parsed("a + b * 2 > c - 1"), "(> (+ a (* b 2)) (- c 1))");
  EXPECT_EQ(parsed("(a + b) * 2"), "(* (+ a b) 2)");
}

TEST(Expression, OperatorsOfOneRankGoFromLeftToRight) {
  EXPECT_EQ(parsed("a - b + c"), "(+ (- a b) c)");
  EXPECT_EQ(parsed("a / b * c / d"), "(/ (* (/ a b) c) d)");
}

TEST(Expression, MinusBindsTighterThanProducts) {
  EXPECT_EQ(parsed("-a * b"), "(* (- a) b)");
  EXPECT_EQ(parsed("a - - 1"), "(- a (- 1))");
}

TEST(Expression, EveryComparisonIsKnown) {
  for (const std::string op : {"=", "!=", "<", "<=", ">", ">="})
    EXPECT_EQ(parsed("a " + op + " 1"), "(" + op + " a 1)");
  EXPECT_EQ(parsed("a in (1, b + 1, 'x')"), "(in a 1 (+ b 1) 'x')");
  EXPECT_EQ(parsed("a not in (1)"), "(not in a 1)");
  EXPECT_EQ(parsed("a contains 'x'"), "(contains a 'x')");
  EXPECT_EQ(parsed("a not contains 'x'"), "(not contains a 'x')");
  EXPECT_EQ(parsed("a is null"), "(is null a)");
  EXPECT_EQ(parsed("a is not null"), "(not is null a)");
}

TEST(Expression, EveryPrimaryIsKnown) {
  EXPECT_EQ(parsed("12"), "12");
  EXPECT_EQ(parsed("1.5"), "1.5");
  EXPECT_EQ(parsed("90s"), "90s");
  EXPECT_EQ(parsed("'x'"), "'x'");
  EXPECT_EQ(parsed("true"), "true");
  EXPECT_EQ(parsed("false"), "false");
  EXPECT_EQ(parsed("null"), "null");
  EXPECT_EQ(parsed("count()"), "(count)");
  EXPECT_EQ(parsed("percentile(wait_s, 90)"), "(percentile wait_s 90)");
  EXPECT_EQ(parsed("coalesce(a, b, 0)"), "(coalesce a b 0)");
}

TEST(Expression, WhereReachesAsFarAsAConditionCan) {
  EXPECT_EQ(parsed("count() where a and b or c"), "(count where (or (and a b) c))");
  EXPECT_EQ(parsed("(count() where missed) / count()"), "(/ (count where missed) (count))");
  EXPECT_EQ(parsed("floor(sum(talk_s) where a / 60)"), "(floor (sum talk_s where (/ a 60)))");
}

TEST(Expression, ALongChainIsNoDeepTree) {
  const auto node = parse_expression("a" + repeated(" and a", 3000));
  ASSERT_TRUE(node) << node.error().text;
  EXPECT_EQ((*node)->children.size(), 3001u);
  EXPECT_EQ((*node)->height, 2);
}

TEST(Expression, ComplaintsPointIntoTheExpression) {
  EXPECT_EQ(parsed(""), "column 1: the expression is empty");
  EXPECT_EQ(parsed("a = "), "column 5: expected a field, a number or a text, found the end");
  EXPECT_EQ(parsed("a b"), "column 3: \"b\" does not belong here");
  EXPECT_EQ(parsed("(a or b"), "column 8: expected \")\" for the bracket of column 1, found the end");
  EXPECT_EQ(parsed("a in 1"), "column 6: expected \"(\" after \"in\", found \"1\"");
  EXPECT_EQ(parsed("a in ()"), "column 7: expected a field, a number or a text, found \")\"");
  EXPECT_EQ(parsed("a in (1 2)"), "column 9: expected \")\" or \",\" to go on, found \"2\"");
  EXPECT_EQ(parsed("a is 1"), "column 6: expected \"null\" after \"is\", found \"1\"");
  EXPECT_EQ(parsed("1 < a < 3"), "column 7: comparisons cannot be chained; join two of them with \"and\"");
  EXPECT_EQ(parsed("a = 'x' 'y'"), "column 9: 'y' does not belong here");
}

TEST(Expression, AMisspelledFunctionNamesTheNearest) {
  EXPECT_EQ(parsed("summ(talk_s)"), "column 1: there is no function \"summ\"; did you mean \"sum\"?");
  EXPECT_EQ(parsed("1 + qwertyuiop(a)"), "column 5: there is no function \"qwertyuiop\"");
}

TEST(Expression, WhereGoesWithAggregatesAlone) {
  EXPECT_EQ(parsed("floor(1) where a"),
            "column 10: \"where\" goes with an aggregate such as count() or sum(…), not with floor()");
}

TEST(Expression, DepthEndsAtTwoHundredLevels) {
  EXPECT_EQ(parsed(repeated("not ", 198) + "a").substr(0, 9), "(not (not");
  const std::string deep = "column 201: the expression is nested too deeply";
  EXPECT_EQ(parsed(repeated("(", 5000) + "a" + repeated(")", 5000)), deep);
  EXPECT_NE(parsed(repeated("not ", 5000) + "a").find("nested too deeply"), std::string::npos);
  EXPECT_NE(parsed(repeated("-", 5000) + "1").find("nested too deeply"), std::string::npos);
  EXPECT_NE(parsed("a" + repeated(" + a", 5000)).find("nested too deeply"), std::string::npos);
  EXPECT_NE(parsed(repeated("coalesce(", 5000) + "a").find("nested too deeply"), std::string::npos);
  EXPECT_NE(parsed("count()" + repeated(" where count()", 300)).find("nested too deeply"), std::string::npos);
}

TEST(Expression, LengthEndsAtTwentyThousandWords) {
  EXPECT_EQ(parsed("a in (1" + repeated(", 1", 20000) + ")"), "column 1: the expression is too long");
}

TEST(Expression, ACloneIsTheSameTree) {
  const auto node = parse_expression("count() where a in (1, 'x') and b is not null");
  ASSERT_TRUE(node);
  const auto copy = (*node)->clone();
  EXPECT_EQ(shape(*copy), shape(**node));
  EXPECT_EQ(copy->where->column, (*node)->where->column);
}

}  // namespace
}  // namespace hkl
