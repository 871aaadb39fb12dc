#include "reports/lexer.h"

#include <gtest/gtest.h>

namespace hkl {
namespace {

// "name:a symbol:= number:1": the words with their kinds, without the end.
std::string words(std::string_view text) {
  const auto tokens = tokens_of(text);
  if (!tokens) return tokens.error().text;
  static constexpr const char* kNames[] = {"end", "name", "keyword", "number", "duration", "text", "symbol"};
  std::string shown;
  for (const auto& token : *tokens) {
    if (token.kind == Token::Kind::end) break;
    shown += (shown.empty() ? "" : " ") + std::string(kNames[static_cast<int>(token.kind)]) + ":" + token.text;
  }
  return shown;
}

TEST(Lexer, WordsNumbersAndSymbolsNeedNoBlanks) {
  EXPECT_EQ(words("a>=1"), "name:a symbol:>= number:1");
  EXPECT_EQ(words("sum(talk_s)/60"), "name:sum symbol:( name:talk_s symbol:) symbol:/ number:60");
  EXPECT_EQ(words("option.by_extension and not x"), "name:option.by_extension keyword:and keyword:not name:x");
  EXPECT_EQ(words("  \t\n"), "");
}

TEST(Lexer, KeywordsAreSmallLetters) { EXPECT_EQ(words("AND null is"), "name:AND keyword:null keyword:is"); }

TEST(Lexer, DurationsAreExactSeconds) {
  for (const auto& [text, num, den] :
       {std::tuple{"90s", 90, 1}, {"4h", 14400, 1}, {"1h30m", 5400, 1}, {"500ms", 1, 2}}) {
    const auto tokens = tokens_of(text);
    ASSERT_TRUE(tokens) << text;
    EXPECT_EQ((*tokens)[0].kind, Token::Kind::duration);
    EXPECT_EQ((*tokens)[0].number, (Rational{num, den})) << text;
  }
}

TEST(Lexer, NumbersAreExactFractions) {
  const auto tokens = tokens_of("0.125");
  ASSERT_TRUE(tokens);
  EXPECT_EQ((*tokens)[0].number, (Rational{1, 8}));
}

TEST(Lexer, TwoQuotesWithinATextAreOne) {
  EXPECT_EQ(words("'it''s'"), "text:it's");
  EXPECT_EQ(words("''"), "text:");
  EXPECT_EQ(words("'a' 'b'"), "text:a text:b");
}

TEST(Lexer, ColumnsCountCharactersNotBytes) {
  const auto tokens = tokens_of("'цена' = x");
  ASSERT_TRUE(tokens);
  EXPECT_EQ((*tokens)[1].column, 8);
  EXPECT_EQ((*tokens)[2].column, 10);
}

TEST(Lexer, ComplaintsPointAtWhatTheyAreAbout) {
  EXPECT_EQ(words("a = ж"), "column 5: \"ж\" is no part of an expression");
  EXPECT_EQ(words("a = 'open"), "column 5: the text that begins here has no closing quote");
  EXPECT_EQ(words("'да' == x"), "column 6: write \"=\" in place of \"==\"");
  EXPECT_EQ(words("a <> 1"), "column 3: write \"!=\" in place of \"<>\"");
  EXPECT_EQ(words("a = \"x\""), "column 5: write a text in single quotes, as in 'missed'");
  EXPECT_EQ(words("1 + 1.2.3"), "column 5: \"1.2.3\" is no number, or has too many digits");
  EXPECT_EQ(words("1234567890123456"), "column 1: \"1234567890123456\" is no number, or has too many digits");
  EXPECT_EQ(words("wait_s > 4hours"),
            "column 10: \"4hours\" is neither a number nor a duration; durations look like 30s, 4h, 7d");
}

}  // namespace
}  // namespace hkl
