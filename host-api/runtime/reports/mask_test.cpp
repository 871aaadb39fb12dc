// Numbers with stars.
#include "reports/mask.h"

#include <gtest/gtest.h>

namespace hkl {
namespace {

using nlohmann::ordered_json;

TEST(Masked, ANumberKeepsItsBeginningAndItsEnd) {
  EXPECT_EQ(masked("+79161234567"), "+7916*****67");
  EXPECT_EQ(masked("8 (916) 123-45-67"), "8 (916) ***-**-67");
  EXPECT_EQ(masked("1234567"), "1****67");
  EXPECT_EQ(masked("8\u00a0916\u00a0123\u201145\u201167"), "8\u00a0916\u00a0***\u2011**\u201167");
}

TEST(Masked, WhatIsNoNumberOfAnybodyStays) {
  for (const auto* text : {"", "101", "2026", "ивановa", "not_picked_up", "a12345678"}) EXPECT_EQ(masked(text), text);
}

TEST(Masked, EachNumberAndAddressOfATextIsHidden) {
  EXPECT_EQ(masked("Перезвонить +79161234567, или anna.k@firm.example до 18"),
            "Перезвонить +7916*****67, или a***@firm.example до 18");
}

TEST(Hide, IdsTimesAndTheOwnLineStay) {
  Access access;
  access.role.may = {"recordings.hear"};
  ordered_json call = ordered_json::parse(
      R"({"id":"pbx1:1718000000.12","line":"+74950000001","started_at":"2026-03-02T09:15:00.123Z",
          "client_number":"+79161234567","legs":[{"kind":"external","extension":"+79161234567"}],"recordings":["r1"]})");
  hide(&access, call);
  EXPECT_EQ(call["id"], "pbx1:1718000000.12");
  EXPECT_EQ(call["line"], "+74950000001");
  EXPECT_EQ(call["started_at"], "2026-03-02T09:15:00.123Z");
  EXPECT_EQ(call["client_number"], "+7916*****67");
  EXPECT_EQ(call["legs"][0]["extension"], "+7916*****67");
  EXPECT_EQ(call["recordings"], ordered_json::parse(R"(["r1"])"));
}

TEST(Hide, RecordingsAreForThoseWhoMayHearThem) {
  Access access;
  access.role.may = {"numbers.full"};
  ordered_json call = ordered_json::parse(R"({"client_number":"+79161234567","recordings":["r1"]})");
  hide(&access, call);
  EXPECT_EQ(call, ordered_json::parse(R"({"client_number":"+79161234567","recordings":[]})"));
  hide(nullptr, call);
  EXPECT_EQ(call["client_number"], "+79161234567");
}

}  // namespace
}  // namespace hkl
