#include "contacts/erased_names.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "contacts/numbers.h"

namespace hkl {
namespace {

NameEraser of_number(const std::string& number) {
  NameEraser eraser;
  eraser.add_number(number, "TOKEN");
  return eraser;
}

std::string erased(const NameEraser& eraser, std::string text) {
  eraser.erase(text);
  return text;
}

TEST(ErasedNames, ANumberIsFoundHoweverItIsWritten) {
  const auto eraser = of_number("+74951234567");
  for (const char* text : {"+74951234567", "84951234567", "4951234567", "+7 (495) 123-45-67", "8-495-123-45-67",
                           "8 (495) 123 45 67", "007 495 1234567", "9810 74951234567", "974951234567",
                           "(495) 123-45-67", "+7\u00a0495\u00a0123\u201145\u201167", "8 495 123\u201345\u201367"})
    EXPECT_EQ(erased(eraser, text).find("4567"), std::string::npos) << erased(eraser, text);
  EXPECT_EQ(erased(eraser, "sip:+74951234567@pbx"), "sip:TOKEN@pbx");
  EXPECT_EQ(erased(eraser, "out-84951234567-20260302.wav"), "out-TOKEN-20260302.wav");
  EXPECT_EQ(erased(eraser, R"({"a":"74951234567","b":"+7 495 123-45-67"})"), R"({"a":"TOKEN","b":"TOKEN"})");
  EXPECT_EQ(erased(eraser, "*6784951234567"), "*TOKEN");
}

TEST(ErasedNames, AnotherNumberThatHoldsTheSameDigitsStays) {
  const auto eraser = of_number("+12125550153");
  for (const char* text : {"+442125550153", "2125550153991", "1795415857.2125550153000", "212555015", "12125550154"})
    EXPECT_EQ(erased(eraser, text), text);
}

TEST(ErasedNames, AShortNumberIsFoundOnlyAlone) {
  const auto eraser = of_number("112");
  EXPECT_EQ(erased(eraser, "112"), "TOKEN");
  EXPECT_EQ(erased(eraser, "call 112 now"), "call 112 now");
}

TEST(ErasedNames, AnAddressIsFoundInAnyCaseAndNotWithinALongerOne) {
  NameEraser eraser;
  eraser.add_email("Anna@firm.example", "TOKEN");
  EXPECT_EQ(erased(eraser, "write to ANNA@FIRM.EXAMPLE, or call"), "write to TOKEN, or call");
  EXPECT_EQ(erased(eraser, "joanna@firm.example"), "joanna@firm.example");
}

TEST(ErasedNames, EveryTextOfARecordIsLookedAtAndNoKey) {
  auto eraser = of_number("+74951234567");
  eraser.add_whole("v1", "VISITOR");
  eraser.add_part("hl-c-0123456789abcdef", "hl-c-fedcba9876543210");
  auto json = nlohmann::ordered_json::parse(
      R"({"numbers":["+74951234567"],"visitor":"v1","note":"v1 came","in":{"anchor":"contact:hl-c-0123456789abcdef"},"at_ms":1})");
  EXPECT_TRUE(eraser.erase(json));
  EXPECT_EQ(
      json.dump(),
      R"({"numbers":["TOKEN"],"visitor":"VISITOR","note":"v1 came","in":{"anchor":"contact:hl-c-fedcba9876543210"},"at_ms":1})");
  EXPECT_FALSE(eraser.erase(json));
}

TEST(ErasedNames, ATokenIsRandomAndTellsTheRegionAlone) {
  for (const char* number : {"+74951234567", "+79161110001", "+12125550153", "+390612345678"}) {
    const auto one = erased_number(number), other = erased_number(number);
    EXPECT_NE(one, other);
    EXPECT_TRUE(is_erased(one));
    EXPECT_EQ(one.find(std::string(number).substr(std::string(number).size() - 5)), std::string::npos) << one;
    for (const char* language : {"ru", "en"})
      EXPECT_EQ(region_of_number(one, language), region_of_number(number, language)) << number << " " << one;
    EXPECT_EQ(normalise_number(one, "RU").e164, one) << "a token stays itself";
  }
  EXPECT_TRUE(is_erased(erased_number("1234567")));
  EXPECT_EQ(region_of_number(erased_number("1234567"), "en"), "");
  EXPECT_FALSE(is_erased("erased-"));
}

}  // namespace
}  // namespace hkl
