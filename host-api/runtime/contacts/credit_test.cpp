#include "contacts/credit.h"

#include <gtest/gtest.h>

#include "contacts/made_up.h"

namespace hkl {
namespace {

using namespace made_up;

std::string shares(const Call& call) {
  std::string text;
  for (const auto& credit : credits_each(call)) {
    text +=
        (text.empty() ? "" : " ") + (credit.employee.empty() ? "-" : credit.employee) + "/" + credit.extension + ":";
    text += credit.talk ? std::to_string(credit.talk->count() / 1000) : "?";
    text += std::string(credit.is_first ? "f" : "") + (credit.is_last ? "l" : "");
  }
  return text;
}

// k06 of the common example: 101 talks, transfers to 102.
Call transferred() {
  return incoming("k06", "11:00:00", "11:00:20", "11:06:10",
                  {phone("101", "11:00:00", "11:00:20", "11:01:00"), phone("102", "11:01:00", "11:01:10", "11:06:10")});
}

TEST(Credit, FirstIsWhoAnsweredFirstAndLastWhoFinished) {
  const auto call = transferred();
  EXPECT_EQ(call.employee, "ivanova");
  EXPECT_EQ(call.extension, "101");
  EXPECT_EQ(call.last_employee, "petrov");
  EXPECT_EQ(call.last_extension, "102");
}

TEST(Credit, EachHasItsOwnTalk) { EXPECT_EQ(shares(transferred()), "ivanova/101:40f petrov/102:300l"); }

TEST(Credit, OneEmployeeWithTwoAnsweredLegsHasTheCallOnce) {
  const auto call =
      incoming("k", "11:00:00", "11:00:10", "11:05:00",
               {phone("101", "11:00:00", "11:00:10", "11:01:00"), phone("102", "11:01:00", "11:01:05", "11:02:00"),
                phone("101", "11:02:00", "11:02:10", "11:03:00")});
  EXPECT_EQ(shares(call), "ivanova/101:100fl petrov/102:55");
}

TEST(Credit, AShareWhosePartIsNotKnownIsNotKnown) {
  auto call = transferred();
  call.legs[1].talk.reset();
  EXPECT_EQ(shares(call), "ivanova/101:40f petrov/102:?l");
}

TEST(Credit, AnOutgoingCallIsWhoDialled) {
  const auto call =
      outgoing("k", "10:00:00", "10:00:10", "10:05:00",
               {phone("102", "10:00:00", "10:00:00", "10:01:00"), phone("103", "10:01:00", "10:01:05", "10:05:00")});
  EXPECT_EQ(call.employee, "petrov");
  EXPECT_EQ(call.last_employee, "sidorova");
  const auto in_vain = outgoing("k", "10:00:00", "", "10:00:30", {phone("102", "10:00:00")});
  EXPECT_EQ(in_vain.employee, "petrov");
  EXPECT_EQ(shares(in_vain), "petrov/102:0fl");
}

TEST(Credit, AMissedCallIsWhosePhoneWasTriedLast) {
  const auto call = incoming("k", "10:00:00", "", "10:00:40", {phone("101", "10:00:00"), phone("103", "10:00:20")});
  EXPECT_EQ(call.employee, "sidorova");
  EXPECT_EQ(call.extension, "103");
  EXPECT_EQ(shares(call), "sidorova/103:0fl");
}

TEST(Credit, BusyAndRefusedPhonesWereTried) {
  for (const auto outcome : {LegOutcome::busy, LegOutcome::rejected, LegOutcome::unavailable}) {
    auto leg = phone("103", "10:00:20");
    leg.outcome = outcome;
    EXPECT_EQ(incoming("k", "10:00:00", "", "10:00:40", {phone("101", "10:00:00"), leg}).employee, "sidorova");
  }
}

TEST(Credit, PhonesThatStartWithinASecondRingTogether) {
  const auto missed = [](const std::string& second_phone) {
    return incoming("k", "10:00:00", "", "10:00:40", {phone("101", "10:00:00.000"), phone("103", second_phone)})
        .employee;
  };
  EXPECT_EQ(missed("10:00:00.000"), "");
  EXPECT_EQ(missed("10:00:01.000"), "");
  EXPECT_EQ(missed("10:00:01.001"), "sidorova");
}

TEST(Credit, AfterARingAllOnePhoneThatRangAloneWasLast) {
  const auto call = incoming("k", "10:00:00", "", "10:00:40",
                             {phone("101", "10:00:00"), phone("103", "10:00:00"), phone("101", "10:00:20")});
  EXPECT_EQ(call.employee, "ivanova");
}

TEST(Credit, TwoPhonesOfOneEmployeeAreThatEmployee) {
  auto all = parts();
  all.employees[0].extensions.push_back({"pbx1", "+7 916 000-00-09", {}});
  const Directory directory(std::move(all));
  auto mobile = phone("", "10:00:00");
  mobile.kind = LegKind::external;
  mobile.number = "+79160000009";
  const auto missed =
      call(Direction::in, "k", "10:00:00", "", "10:00:40", {phone("101", "10:00:00"), mobile}, directory);
  EXPECT_EQ(missed.employee, "ivanova");
  EXPECT_EQ(missed.extension, "") << "several were tried last";
}

TEST(Credit, AForwardToAnEmployeesMobileIsTheEmployee) {
  auto all = parts();
  all.employees[3].extensions.push_back({"pbx1", "89160000009", {}});
  const Directory directory(std::move(all));
  auto mobile = phone("", "10:00:20", "10:00:30", "10:01:00");
  mobile.kind = LegKind::external;
  mobile.number = "+79160000009";
  const auto answered =
      call(Direction::in, "k", "10:00:00", "10:00:30", "10:01:00", {phone("101", "10:00:00"), mobile}, directory);
  EXPECT_EQ(answered.employee, "sidorova");
  mobile.answered_at.reset();
  mobile.outcome = LegOutcome::no_answer;
  const auto missed =
      call(Direction::in, "k", "10:00:00", "", "10:01:00", {phone("101", "10:00:00"), mobile}, directory);
  EXPECT_EQ(missed.employee, "sidorova");
}

TEST(Credit, TheClientsPhoneOfAnOutgoingCallIsNobodyOfOurs) {
  auto client = phone("", "10:00:05", "10:00:10", "10:05:00");
  client.kind = LegKind::external;
  client.number = "+79161110001";
  const auto call =
      outgoing("k", "10:00:00", "10:00:10", "10:05:00", {phone("102", "10:00:00", "10:00:00", "10:05:00"), client});
  EXPECT_EQ(call.last_employee, "petrov");
  EXPECT_EQ(shares(call), "petrov/102:300fl");
}

TEST(Credit, ACallThatReachedNobodysPhoneIsNotAssigned) {
  Leg queue;
  queue.kind = LegKind::queue;
  queue.name = "support";
  queue.started_at = at("17:00:00");
  const auto call = incoming("k20", "17:00:00", "", "17:01:00", {queue});
  EXPECT_EQ(call.employee, "");
  EXPECT_EQ(call.extension, "");
}

TEST(Credit, AnExtensionThatIsMappedToNobodyIsNotAssigned) {
  const auto call =
      incoming("k19", "14:00:00", "14:00:15", "14:05:15", {phone("104", "14:00:00", "14:00:15", "14:05:15")});
  EXPECT_EQ(call.employee, "");
  EXPECT_EQ(call.extension, "104");
  EXPECT_EQ(shares(call), "-/104:300fl");
}

TEST(Credit, TheEmployeeIsTheOneMappedWhenTheCallBegan) {
  const auto of = [](const std::string& started) {
    return outgoing("k16", started, "", "03-03 12:01:10", {phone("102", started)}).employee;
  };
  EXPECT_EQ(of("03-03 11:59:59"), "petrov");
  EXPECT_EQ(of("03-03 12:00:00"), "orlov");
}

TEST(Credit, WhatARecordTellsIsBelievedOnlyWhereNoMappingSpeaks) {
  auto told = phone("104", "10:00:00", "10:00:10", "10:01:00");
  told.employee = "smirnov";
  EXPECT_EQ(incoming("k", "10:00:00", "10:00:10", "10:01:00", {told}).employee, "smirnov");
  told.extension = "101";
  EXPECT_EQ(incoming("k", "10:00:00", "10:00:10", "10:01:00", {told}).employee, "ivanova");
}

TEST(Credit, AnInternalCallIsWhoAnsweredIt) {
  const auto call = made_up::call(
      Direction::internal, "k07", "12:00:00", "12:00:05", "12:02:05",
      {phone("101", "12:00:00", "12:00:00", "12:02:05"), phone("102", "12:00:00", "12:00:05", "12:02:05")});
  EXPECT_EQ(call.employee, "petrov");
}

TEST(Unite, MergedContactsKeepTheNameAndTheNumbersOfAll) {
  const auto whole = unite({{"c2", "", {"+79162220002"}, {}, {"v1"}, ""},
                            {"c5", "Пётр", {"+79165550005", "+79162220002"}, {"p@x.ru"}, {}, "c2"}});
  EXPECT_EQ(whole.id, "c2");
  EXPECT_EQ(whole.name, "Пётр");
  EXPECT_EQ(whole.numbers, (std::vector<std::string>{"+79162220002", "+79165550005"}));
  EXPECT_EQ(whole.emails, std::vector<std::string>{"p@x.ru"});
  EXPECT_EQ(whole.visitors, std::vector<std::string>{"v1"});
}

}  // namespace
}  // namespace hkl
