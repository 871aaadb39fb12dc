#include "reports/row_key.h"

#include <gtest/gtest.h>

namespace hkl {
namespace {

TEST(RowKey, IdsAreJoinedAndNothingIsADash) {
  EXPECT_EQ(row_key({"ivanova"}), "ivanova");
  EXPECT_EQ(row_key({"petrov", "102"}), "petrov/102");
  EXPECT_EQ(row_key({std::nullopt, "104"}), "-/104");
  EXPECT_EQ(row_key({""}), "-");
}

TEST(RowKey, WhatWouldBeMistakenIsPercentEncoded) {
  EXPECT_EQ(row_key({"a/b:c%d"}), "a%2Fb%3Ac%25d");
  EXPECT_EQ(row_key({"-"}), "%2D");
  EXPECT_EQ(row_key({"total"}), "%74otal");
}

TEST(RowKey, EveryKeyComesBackAsTheIdsItWasMadeOf) {
  for (const RowIds& ids : {RowIds{"a/b", std::nullopt}, {"-", "%"}, {":", "total"}, {"Ёж", "100%"}}) {
    const auto back = ids_of_key(row_key(ids), ids.size());
    ASSERT_TRUE(back) << row_key(ids);
    EXPECT_EQ(*back, ids);
  }
  EXPECT_EQ(ids_of_key("%74otal", 1), RowIds{"total"});
}

TEST(RowKey, AKeyOfAnotherShapeIsRefused) {
  EXPECT_EQ(ids_of_key("a", 2).error().text, "drill: the key \"a\" has 1 part, the rows of this report have 2");
  EXPECT_EQ(ids_of_key("a%zz", 1).error().text, "drill: \"a%zz\" has a \"%\" without two hexadecimal digits");
  EXPECT_EQ(ids_of_key("a%2", 1).error().text, "drill: \"a%2\" has a \"%\" without two hexadecimal digits");
}

TEST(RowKey, ADrillIsAKeyAndAMeasure) {
  const auto address = parse_drill("petrov/10%3A2:calls");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->key, "petrov/10%3A2");
  EXPECT_EQ(address->measure, "calls");
  for (const auto* text : {"calls", ":calls", "total:", ""})
    EXPECT_EQ(parse_drill(text).error().text,
              std::string("drill: \"") + text + "\" is not KEY:MEASURE, such as total:calls");
}

}  // namespace
}  // namespace hkl
