// Which leads come to be of what a contact does, under each policy (metrics §5.3).
#include "contacts/lead_book.h"

#include <gtest/gtest.h>

#include "contacts/made_up.h"

namespace hkl {
namespace {

using namespace made_up;

LeadRecord told(std::string id, const std::string& created, std::string stage, std::string responsible = "") {
  LeadRecord lead;
  lead.id = std::move(id);
  lead.contact = "c";
  lead.funnel = "sales";
  lead.stage = std::move(stage);
  lead.responsible = std::move(responsible);
  lead.created_at = at(created);
  return lead;
}

LeadChangeRecord change(std::string lead, const std::string& when, std::string field, std::string from,
                        std::string to) {
  return {lead + field + when, lead, at(when), "ivanova", std::move(field), std::move(from), std::move(to), false};
}

Call answered(const std::string& id, const std::string& started, const std::string& picked_up, const std::string& ended,
              const std::string& extension = "101") {
  return incoming(id, started, picked_up, ended, {phone(extension, started, picked_up, ended)});
}

// "call@moment stage responsible", one for each lead that was made.
std::string made(Case& one) {
  const auto state = one.run();
  std::string text;
  for (const auto& lead : state.leads) {
    if (!lead.id.starts_with("hl-l-")) continue;
    std::string call = "-";
    for (const auto& inquiry : state.inquiries)
      if (inquiry.id == lead.inquiry) call = inquiry.call.empty() ? inquiry.id : inquiry.call;
    text += (text.empty() ? "" : "; ") + call + "@" + iso_utc(*lead.created_at).substr(11, 8) + " " + lead.stage + " " +
            (lead.responsible.empty() ? "-" : lead.responsible);
  }
  return text;
}

TEST(LeadWhen, NoOpenLeadMakesOneOnlyWhereNoneIsOpen) {
  Case one;
  one.input.calls = {answered("a", "10:00:00", "10:00:10", "10:01:00"),
                     answered("b", "11:00:00", "11:00:10", "11:01:00")};
  EXPECT_EQ(made(one), "a@07:00:00 check ivanova");
  one.input.leads = {told("L1", "03-01 09:00:00", "selection")};
  EXPECT_EQ(made(one), "");
  one.input.leads[0].stage = "refusal";
  EXPECT_EQ(made(one), "a@07:00:00 check ivanova");
}

TEST(LeadWhen, AnOldClientWithNothingOpenMakesANewLead) {
  Case one;
  one.input.leads = {told("L1", "09:00:00", "deal_done")};
  one.input.leads[0].closed_at = at("10:30:00");
  one.input.calls = {answered("a", "10:00:00", "10:00:10", "10:01:00"),
                     answered("b", "11:00:00", "11:00:10", "11:01:00")};
  EXPECT_EQ(made(one), "b@08:00:00 check ivanova") << "at 10:00 it was still open";
}

TEST(LeadWhen, NewContactMakesOneOfTheCallThatMadeTheContact) {
  Case one;
  one.policy.when = LeadPolicy::When::new_contact;
  one.input.calls = {answered("a", "10:00:00", "10:00:10", "10:01:00"),
                     answered("b", "11:00:00", "11:00:10", "11:01:00")};
  EXPECT_EQ(made(one), "") << "the contact is a record's";
  one.input.contact.id = "hl-c-1";
  EXPECT_EQ(made(one), "a@07:00:00 check ivanova");
  one.input.calls[0].is_history = true;
  EXPECT_EQ(made(one), "") << "it was known before";
}

TEST(LeadWhen, AlwaysAndNever) {
  Case one;
  one.input.calls = {answered("a", "10:00:00", "10:00:10", "10:01:00"),
                     answered("b", "11:00:00", "11:00:10", "11:01:00")};
  one.policy.when = LeadPolicy::When::always;
  EXPECT_EQ(made(one), "a@07:00:00 check ivanova; b@08:00:00 check ivanova");
  one.policy.when = LeadPolicy::When::never;
  EXPECT_EQ(made(one), "");
}

TEST(CreateAt, RingAnswerAndEnd) {
  Case one;
  one.input.calls = {answered("a", "10:00:00", "10:00:10", "10:01:00")};
  one.policy.create_at = "answer";
  EXPECT_EQ(made(one), "a@07:00:10 check ivanova");
  one.policy.create_at = "end";
  EXPECT_EQ(made(one), "a@07:01:00 check ivanova");
  one.input.calls[0].is_over = false;
  one.input.calls[0].ended_at.reset();
  EXPECT_EQ(made(one), "") << "it is going on";
  one.policy.create_at = "answer";
  EXPECT_EQ(made(one), "a@07:00:10 check ivanova");
}

TEST(CreateAt, AMissedCallWaitsForItsEndWhereThePolicyWaitsForAnAnswer) {
  Case one;
  one.policy.create_at = "answer";
  one.input.calls = {incoming("a", "10:00:00", "", "10:00:40", {phone("101", "10:00:00")})};
  EXPECT_EQ(made(one), "a@07:00:40 unsorted -");
}

TEST(TwoCallsAtOnce, MakeOneLeadWheneverItIsMade) {
  Case one;
  // The second to ring is the first to be answered and to end.
  one.input.calls = {answered("a", "10:00:00", "10:00:50", "10:05:00"),
                     answered("b", "10:00:10", "10:00:20", "10:01:00")};
  EXPECT_EQ(made(one), "a@07:00:00 check ivanova");
  one.policy.create_at = "answer";
  EXPECT_EQ(made(one), "b@07:00:20 check ivanova");
  one.policy.create_at = "end";
  EXPECT_EQ(made(one), "b@07:01:00 check ivanova");
}

TEST(TwoCallsAtOnce, BothBelongToTheLeadThatWasOpenWhenTheyWereOver) {
  Case one;
  one.policy.create_at = "end";
  one.input.calls = {answered("a", "10:00:00", "10:00:50", "10:05:00"),
                     answered("b", "10:00:10", "10:00:20", "10:01:00")};
  const auto state = one.run();
  ASSERT_EQ(state.leads.size(), 1u);
  for (const auto& call : state.calls) EXPECT_EQ(call.lead, state.leads[0].id) << call.id;
}

TEST(NoLead, OfOutgoingInternalWithheldAndHistory) {
  Case one;
  one.policy.when = LeadPolicy::When::always;
  auto history = answered("h", "09:00:00", "09:00:10", "09:01:00");
  history.is_history = true;
  one.input.calls = {history, outgoing("o", "10:00:00", "10:00:10", "10:01:00"),
                     call(Direction::internal, "i", "11:00:00", "11:00:05", "11:01:00")};
  EXPECT_EQ(made(one), "");
  one.policy.outgoing_creates = true;
  EXPECT_EQ(made(one), "o@07:00:00 check ivanova") << "who spoke last, in the history";
  one.input.contact.id = "";
  one.policy.outgoing_creates = false;
  one.input.calls = {answered("w", "12:00:00", "12:00:10", "12:01:00")};
  EXPECT_EQ(made(one), "");
}

TEST(Missed, StandsInUnsortedWithNobodyEvenIfAnEarlierLeadHadSomebody) {
  Case one;
  one.input.leads = {told("L1", "03-01 09:00:00", "refusal", "petrov")};
  one.input.calls = {incoming("a", "10:00:00", "", "10:00:40", {phone("101", "10:00:00")})};
  EXPECT_EQ(made(one), "a@07:00:00 unsorted -");
}

TEST(Distribution, ResponsibleOfAnEarlierLeadBeforeWhoTookIt) {
  Case one;
  one.input.leads = {told("L1", "03-01 09:00:00", "refusal", "petrov"),
                     told("L2", "03-01 10:00:00", "refusal", "sidorova")};
  one.input.calls = {answered("a", "10:00:00", "10:00:10", "10:01:00")};
  EXPECT_EQ(made(one), "a@07:00:00 check sidorova") << "of the latest";
  one.policy.distribution = {"taker", "responsible"};
  EXPECT_EQ(made(one), "a@07:00:00 check ivanova");
}

TEST(Distribution, BindToTakerStandsAboveIt) {
  Case one;
  one.policy.bind_to_taker = true;
  one.input.leads = {told("L1", "03-01 09:00:00", "refusal", "petrov")};
  one.input.calls = {answered("a", "10:00:00", "10:00:10", "10:01:00")};
  EXPECT_EQ(made(one), "a@07:00:00 check ivanova");
}

TEST(Distribution, LastSpokenIsTheLatestTalkWithinStickyDays) {
  Case one;
  one.policy.when = LeadPolicy::When::always;
  one.policy.distribution = {"last_spoken"};
  // Calls that overlap: who spoke last is not whose call rang last.
  one.input.calls = {answered("a", "10:00:00", "10:03:00", "10:09:00", "103"),
                     answered("b", "10:01:00", "10:02:00", "10:09:00", "102"),
                     answered("c", "11:00:00", "11:00:10", "11:01:00")};
  for (auto& call : one.input.calls) call.is_history = call.id != "c";
  EXPECT_EQ(made(one), "c@08:00:00 check sidorova");
  one.policy.sticky_days = 0;
  EXPECT_EQ(made(one), "c@08:00:00 check -");
}

TEST(Distribution, DutyIsOfTheQueuesDepartment) {
  Case one;
  one.policy.distribution = {"duty"};
  one.input.calls = {answered("a", "10:00:00", "10:00:10", "10:01:00", "104")};
  EXPECT_EQ(made(one), "a@07:00:00 check -");
  one.input.calls[0].queue = "support";
  EXPECT_EQ(made(one), "a@07:00:00 check sidorova");
}

TEST(Told, ALeadThatARecordMadeFromACallIsThatCallsLead) {
  Case one;
  InquiryRecord inquiry;
  inquiry.id = "i01";
  inquiry.call = "a";
  one.input.inquiries = {inquiry};
  one.input.leads = {told("L1", "10:00:00", "refusal")};
  one.input.leads[0].inquiry = "i01";
  one.input.calls = {answered("a", "10:00:00", "10:00:10", "10:01:00")};
  EXPECT_EQ(made(one), "") << "though it is closed now";
  EXPECT_EQ(one.run().facts[0].made_lead, "L1");
}

TEST(Told, ALeadMergedAwayIsNotCountedAndNotMadeAgain) {
  Case one;
  InquiryRecord inquiry;
  inquiry.id = "i15";
  inquiry.call = "k15";
  one.input.inquiries = {inquiry};
  one.input.leads = {told("L6", "10:00:00", "unsorted")};
  one.input.leads[0].inquiry = "i15";
  one.input.leads[0].merged_into = "L2";
  one.input.calls = {incoming("k15", "10:00:00", "", "10:00:03")};
  EXPECT_EQ(made(one), "");
  EXPECT_EQ(one.run().facts[0].made_lead, "");
}

TEST(StateAt, IsWhatTheFirstLaterChangeSaysWasBefore) {
  Case one;
  one.input.leads = {told("L1", "09:00:00", "refusal", "orlov")};
  one.input.lead_changes = {change("L1", "12:00:00", "stage", "booking", "refusal"),
                            change("L1", "10:00:00", "stage", "check", "booking"),
                            change("L1", "11:00:00", "responsible", "ivanova", "orlov")};
  const LeadBook book(one.input, people(), one.policy, one.choices);
  const auto seen = [&](const std::string& when) {
    const auto state = book.state_at(book.leads()[0], at(when));
    return state.stage + " " + state.responsible + (state.is_open ? " open" : " closed");
  };
  EXPECT_EQ(seen("08:59:59"), "check ivanova closed") << "not there yet";
  EXPECT_EQ(seen("09:59:59"), "check ivanova open");
  EXPECT_EQ(seen("10:00:00"), "booking ivanova open");
  EXPECT_EQ(seen("11:00:00"), "booking orlov open");
  EXPECT_EQ(seen("12:00:00"), "refusal orlov closed");
}

TEST(Ids, ADeliveredLeadKeepsItsIdWhenAnotherInquiryProvesToHaveMadeIt) {
  Case one;
  one.input.calls = {answered("b", "11:00:00", "11:00:10", "11:01:00")};
  auto kept = one.run().leads;
  ASSERT_EQ(kept.size(), 1u);
  kept[0].id = "crm-7";
  one.input.kept_leads = kept;
  EXPECT_EQ(one.run().leads[0].id, "crm-7");
  one.input.calls.push_back(answered("a", "10:00:00", "10:00:10", "10:01:00"));  // came late
  const auto state = one.run();
  ASSERT_EQ(state.leads.size(), 1u);
  EXPECT_EQ(state.leads[0].id, "crm-7");
  EXPECT_EQ(state.facts[0].made_lead, "crm-7");
}

TEST(Responsible, OfTheOpenLeadBeforeTheLatest) {
  Case one;
  one.input.leads = {told("L1", "09:00:00", "check", "ivanova"), told("L2", "10:00:00", "refusal", "petrov")};
  EXPECT_EQ(LeadBook(one.input, people(), one.policy, one.choices).responsible(), "ivanova");
  one.input.leads[0].stage = "refusal";
  EXPECT_EQ(LeadBook(one.input, people(), one.policy, one.choices).responsible(), "petrov");
}

}  // namespace
}  // namespace hkl
