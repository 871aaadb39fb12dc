#include "reports/sheet.h"

#include <gtest/gtest.h>

namespace hkl {
namespace {

std::string csv(const std::string& text) {
  auto line = csv_line({{text}});
  return line.substr(0, line.size() - 2);
}

TEST(Csv, LinesEndAsRfc4180Says) { EXPECT_EQ(csv_line({{"a"}, {"b"}}), "a,b\r\n"); }

TEST(Csv, CommasQuotesAndLineBreaksAreQuoted) {
  EXPECT_EQ(csv("a,b"), "\"a,b\"");
  EXPECT_EQ(csv("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(csv("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(csv("two\r\nlines"), "\"two\r\nlines\"");
  EXPECT_EQ(csv("plain text"), "plain text");
}

TEST(Csv, WhatASpreadsheetWouldComputeIsGuarded) {
  EXPECT_EQ(csv("=1+2"), "'=1+2");
  EXPECT_EQ(csv("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(csv("+cmd|' /C calc'!A0"), "'+cmd|' /C calc'!A0");
  EXPECT_EQ(csv("-2+3"), "'-2+3");
  EXPECT_EQ(csv("\tx"), "'\tx");
  EXPECT_EQ(csv("\rx"), "\"'\rx\"");
  EXPECT_EQ(csv("＝1+2"), "'＝1+2");
  EXPECT_EQ(csv("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
}

TEST(Csv, NumbersAndE164NumbersStayAsTheyAre) {
  EXPECT_EQ(csv("+79161110001"), "+79161110001");
  EXPECT_EQ(csv("-12.5"), "-12.5");
  EXPECT_EQ(csv("-"), "'-");
  EXPECT_EQ(csv("+"), "'+");
  EXPECT_EQ(csv_line({{"-3", true}}), "-3\r\n");
}

TEST(Aligned, NumbersStandRightAndTheLastTextHasNoBlanksBehind) {
  const Sheet sheet = {{{"Manager"}, {"Calls", true}, {"Note"}},
                       {{{"Иванова"}, {"7", true}, {"x"}}, {{"-"}, {"12345678", true}, {""}}},
                       {{"Total"}, {"19", true}, {""}}};
  EXPECT_EQ(aligned(sheet),
            "Manager     Calls  Note\n"
            "───────  ────────  ────\n"
            "Иванова         7  x\n"
            "-        12345678\n"
            "───────  ────────  ────\n"
            "Total          19\n");
}

TEST(Aligned, WideCharactersTakeTwoColumns) {
  const Sheet sheet = {{{"名前"}, {"n", true}}, {{{"ab"}, {"1", true}}}, {}};
  EXPECT_EQ(aligned(sheet), "名前  n\n────  ─\nab    1\n");
}

TEST(Aligned, ControlCharactersDoNotBreakTheTable) {
  const Sheet sheet = {{{"a"}}, {{{"x\n\x1b[31my"}}}, {}};
  EXPECT_EQ(aligned(sheet).find('\x1b'), std::string::npos);
  EXPECT_NE(aligned(sheet).find("x  [31my\n"), std::string::npos) << aligned(sheet);
}

}  // namespace
}  // namespace hkl
