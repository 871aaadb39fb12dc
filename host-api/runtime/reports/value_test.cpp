#include "reports/value.h"

#include <gtest/gtest.h>

#include <limits>

namespace hkl {
namespace {

constexpr auto kMost = std::numeric_limits<std::int64_t>::max();

TEST(Value, FractionsAreInLowestTermsWithASignAbove) {
  EXPECT_EQ(fraction(6, -4), (Rational{-3, 2}));
  EXPECT_EQ(fraction(0, 7), (Rational{0, 1}));
  EXPECT_EQ(fraction(1, 0), std::nullopt);
}

TEST(Value, ArithmeticIsExact) {
  EXPECT_EQ(add({1, 3}, {1, 6}), (Rational{1, 2}));
  EXPECT_EQ(subtract({1, 3}, {1, 3}), (Rational{0, 1}));
  EXPECT_EQ(multiply({2, 3}, {3, 4}), (Rational{1, 2}));
  EXPECT_EQ(divide({1, 2}, {-1, 4}), (Rational{-2, 1}));
  EXPECT_EQ(divide({1, 2}, {0, 1}), std::nullopt);
}

TEST(Value, WhatLeaves64BitsIsNothing) {
  EXPECT_EQ(add({kMost, 1}, {1, 1}), std::nullopt);
  EXPECT_EQ(multiply({kMost, 1}, {2, 1}), std::nullopt);
  EXPECT_EQ(multiply({kMost, 1}, {1, kMost}), (Rational{1, 1}));
}

TEST(Value, FloorAndCeilingOfNegativesGoDownAndUp) {
  EXPECT_EQ(floor_of({-3, 2}), -2);
  EXPECT_EQ(ceil_of({-3, 2}), -1);
  EXPECT_EQ(floor_of({3, 2}), 1);
  EXPECT_EQ(ceil_of({3, 2}), 2);
  EXPECT_EQ(floor_of({-4, 2}), -2);
}

TEST(Value, ComparisonIsExactWhereDoublesAreNot) {
  EXPECT_EQ(compare({kMost, kMost - 1}, {kMost - 1, kMost - 2}), -1);
  EXPECT_EQ(compare({1, 3}, {1, 3}), 0);
  EXPECT_EQ(compare({1, 2}, {-1, 2}), 1);
}

TEST(Value, ShownHalvesGoUp) {
  EXPECT_EQ(fixed({1, 4}, 1), "0.3");
  EXPECT_EQ(fixed({102, 7}, 1), "14.6");
  EXPECT_EQ(fixed({200, 12}, 2), "16.67");
  EXPECT_EQ(fixed({-1, 4}, 1), "-0.2");
  EXPECT_EQ(fixed({5, 1}, 0), "5");
  EXPECT_EQ(fixed({1, 100}, 2), "0.01");
}

TEST(Value, NumbersAreReadOnlyWhenTheyAreNumbers) {
  EXPECT_EQ(parse_number("-0.50"), (Rational{-1, 2}));
  for (const auto* text : {"", "-", ".5", "5.", "1e5", "1 2", "0x1", "1.2.3", "1234567890123456"})
    EXPECT_EQ(parse_number(text), std::nullopt) << text;
}

}  // namespace
}  // namespace hkl
