#include "contacts/numbers.h"

#include <gtest/gtest.h>

namespace hkl {
namespace {

TEST(Numbers, SpellingsOfOneRussianNumberAreOne) {
  for (const char* text : {"8 (916) 111-00-01", "+7 916 111 00 01", "79161110001", "9161110001", "tel:+7-916-111-00-01",
                           "sip:79161110001@pbx.example;user=phone"})
    EXPECT_EQ(normalise_number(text, "RU").e164, "+79161110001") << text;
}

TEST(Numbers, AnExtensionBehindTheNumberIsKeptApart) {
  for (const char* text :
       {"+74951110001#404", "+7 495 111-00-01,,404", "8 495 111 00 01 доб. 404", "+74951110001 ext. 404"}) {
    const auto number = normalise_number(text, "RU");
    EXPECT_EQ(number.e164, "+74951110001") << text;
    EXPECT_EQ(number.extension, "404") << text;
  }
}

TEST(Numbers, ANumberWithItsCountryButNoPlusIsFound) {
  EXPECT_EQ(normalise_number("12125550143", "US").e164, "+12125550143");
  EXPECT_EQ(normalise_number("12125550143", "RU").e164, "+12125550143");
  EXPECT_EQ(normalise_number("2125550143", "US").e164, "+12125550143");
}

TEST(Numbers, WhatIsNoNumberIsItsDigits) {
  EXPECT_EQ(normalise_number("101", "RU").e164, "101");
  EXPECT_EQ(normalise_number("*8#", "RU").e164, "8");
  EXPECT_EQ(normalise_number("anonymous", "RU").e164, "");
  EXPECT_FALSE(normalise_number("101", "RU").is_valid);
}

}  // namespace
}  // namespace hkl
