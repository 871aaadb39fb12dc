#include "line_shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smdr {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

LineShape shape(const std::string& json) {
  return LineShape::compile(Json::parse(json), {}, profile::Place("lines[0]", "layout"));
}

std::string fault_of(const std::string& json) {
  try {
    shape(json);
  } catch (const hookline::Failure& failure) {
    return failure.what();
  }
  return {};
}

TEST(LineShape, ReadsColumns) {
  const auto fields =
      shape(R"({"columns": {"date": [1, 8], "ext": [10, 12], "note": [14, 40]}})").read("09/14/26 101 ");
  ASSERT_TRUE(fields);
  EXPECT_EQ(*fields, (Json{{"date", "09/14/26"}, {"ext", "101"}, {"note", ""}}));
}

TEST(LineShape, ReadsWhatIsDelimitedAndQuoted) {
  EXPECT_THAT(cells_of(R"(a,"b, ""c""",,d)", ",", '"'), ElementsAre("a", R"(b, "c")", "", "d"));
  EXPECT_THAT(cells_of("a;;b", ";", 0), ElementsAre("a", "", "b"));
}

TEST(LineShape, GivesALooseColumnWhatIsTooMuch) {
  const auto fields =
      shape(R"({"delimited": ",", "names": "id, name, end", "may_hold_more": "name"})").read("7,Petrov, Ivan,yes");
  ASSERT_TRUE(fields);
  EXPECT_EQ((*fields)["name"], "Petrov, Ivan");
  EXPECT_EQ((*fields)["end"], "yes");
}

TEST(LineShape, RefusesALineWithTooFewCells) {
  EXPECT_FALSE(shape(R"({"delimited": ",", "names": ["a", "b", "c"]})").read("1,2"));
  EXPECT_TRUE(shape(R"({"delimited": ",", "names": ["a", "b", "c"], "at_least": 2})").read("1,2"));
}

TEST(LineShape, ReadsByAnExpression) {
  const auto read = shape(R"x({"match": "(\\d+) +(?:x)?(\\w+)", "names": ["a", "b"]})x");
  EXPECT_EQ(*read.read("12  xyz"), (Json{{"a", "12"}, {"b", "yz"}}));
  EXPECT_FALSE(read.read("twelve"));
  EXPECT_FALSE(read.read(std::string(5000, '1') + " x"));
}

TEST(LineShape, NamesWhatIsWrongInALayout) {
  EXPECT_THAT(fault_of(R"({"match": "(a", "names": ["a"]})"),
              HasSubstr("layout: lines[0].match: \"(a\" is no regular"));
  EXPECT_THAT(fault_of(R"x({"match": "(a)(b)", "names": ["a"]})x"), HasSubstr("has 2 groups and there are 1 names"));
  EXPECT_THAT(fault_of(R"({"columns": {"a": [8, 1]}})"), HasSubstr("lines[0].columns.a: it ends before it begins"));
  EXPECT_THAT(fault_of(R"({"delimited": ",", "names": ["a"], "may_hold_more": "aa"})"),
              HasSubstr("did you mean \"a\"?"));
}

}  // namespace
}  // namespace smdr
