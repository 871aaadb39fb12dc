#include "plugins/texts.h"

#include <gtest/gtest.h>

#include <cstring>

namespace hkl {
namespace {

TEST(Texts, KnowUtf8AndItsForgeries) {
  for (const auto* text : {"", "abc", "Вася", "€", "\xF0\x9F\x93\x9E", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  for (const auto* text : {"\x80", "\xC0\xAF", "\xC1\xBF", "\xC3", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE2\x82",
                           "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "a\xC3z"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

TEST(Texts, AreTakenAsCopies) {
  std::string theirs = "abc";
  const auto taken = take_text(str_of(theirs), "the name");
  theirs[0] = 'x';
  ASSERT_TRUE(taken);
  EXPECT_EQ(*taken, "abc");
  EXPECT_EQ(take_text({nullptr, 0}, "the name"), std::string());
}

TEST(Texts, AreRefusedByName) {
  EXPECT_EQ(take_text({nullptr, 3}, "the name").error().text, "the name has a length and no pointer");
  EXPECT_EQ(take_text(str_of("\xFF"), "the name").error().text, "the name is no valid UTF-8");
  EXPECT_EQ(take_text({"x", kLongestText + 1}, "the name").error().text,
            "the name has 1048577 bytes, more than 1048576");
}

TEST(Texts, BecomeOneSafeLine) {
  EXPECT_EQ(one_line("a\r\nb\tc\x7F"
                     "d",
                     100),
            "a  b c d");
  EXPECT_EQ(one_line("a\xFF\xD0 z", 100), "a?? z");
  EXPECT_EQ(one_line("ends\n", 100), "ends");
}

TEST(Texts, AreCutAtACharacter) {
  EXPECT_EQ(one_line("ЖЖЖ", 5), "ЖЖ");
  EXPECT_EQ(one_line("abc", 0), "");
}

TEST(Errors, AreGivenInFullWithTheirEnd) {
  hkl_error err{};
  err.struct_size = sizeof err;
  give_error(&err, HKL_INVALID, "event_id is empty");
  EXPECT_EQ(err.status, HKL_INVALID);
  EXPECT_STREQ(err.text, "event_id is empty");
  EXPECT_EQ(err.text_len, 17u);
}

TEST(Errors, TooLongForTheirPlaceAreCut) {
  hkl_error err{};
  err.struct_size = sizeof err;
  give_error(&err, HKL_INVALID, std::string(5000, 'x'));
  EXPECT_EQ(err.text_len, HKL_ERROR_TEXT_MAX - 1u);
  EXPECT_EQ(std::strlen(err.text), HKL_ERROR_TEXT_MAX - 1u);
}

TEST(Errors, NobodyWantsAreNotGiven) {
  give_error(nullptr, HKL_INVALID, "x");
  hkl_error short_one{};
  short_one.struct_size = 16;
  give_error(&short_one, HKL_INVALID, "x");
  EXPECT_EQ(short_one.status, HKL_OK);
  EXPECT_EQ(short_one.text[0], '\0');
}

}  // namespace
}  // namespace hkl
