// Whom new leads are given to, step by step (metrics §3, §5.3).
#include "contacts/distribution.h"

#include <gtest/gtest.h>

#include "contacts/made_up.h"

namespace hkl {
namespace {

using namespace made_up;

Call answered(const std::string& id, const std::string& started, const std::string& picked_up,
              const std::string& ended) {
  return incoming(id, started, picked_up, ended, {phone("101", started, picked_up, ended)});
}
Call missed(const std::string& id, const std::string& started, const std::string& ended) {
  return incoming(id, started, "", ended, {phone("101", started, "", ended)});
}

// The one lead made: "stage responsible".
std::string made(Case& one, const Directory& directory = people()) {
  const auto state = one.run(directory);
  if (state.leads.size() != 1) return std::to_string(state.leads.size()) + " leads";
  const auto& lead = state.leads[0];
  return lead.stage + " " + (lead.responsible.empty() ? "-" : lead.responsible);
}

Case fan() {
  Case one;
  one.policy.distribution = {"responsible", "taker", "last_spoken", "fan"};
  one.policy.fan = {"petrov", "sidorova"};
  return one;
}

TEST(Fan, IsAskedForAMissedCallAndItsAnswerStandsInCheck) {
  auto one = fan();
  one.input.calls = {missed("a", "10:00:00", "10:00:40")};
  EXPECT_EQ(made(one), "unsorted -");
  ASSERT_EQ(one.choices.asked.size(), 1u);
  const auto& asked = one.choices.asked[0];
  EXPECT_EQ(asked.members, (std::vector<std::string>{"petrov", "sidorova"}));
  EXPECT_EQ(asked.at, at("10:00:40")) << "until then somebody might have taken it";
  one.choices.by_lead[asked.lead] = "sidorova";
  EXPECT_EQ(made(one), "check sidorova");
  one.policy.distribution = {"responsible"};
  EXPECT_EQ(made(one), "check sidorova") << "another policy does not take it away";
}

TEST(Fan, IsFixedAtTheRingWhereNoTakerComesBefore) {
  auto one = fan();
  one.policy.distribution = {"fan", "taker"};
  one.input.calls = {answered("a", "10:00:00", "10:00:10", "10:01:00")};
  EXPECT_EQ(made(one), "check -");
  ASSERT_EQ(one.choices.asked.size(), 1u);
  EXPECT_EQ(one.choices.asked[0].at, at("10:00:00"));
}

TEST(Fan, IsNotAskedWhereAnEarlierStepKnowsOrMayStillKnow) {
  auto one = fan();
  one.input.calls = {answered("a", "10:00:00", "10:00:10", "10:01:00")};
  EXPECT_EQ(made(one), "check ivanova") << "who took it";
  one.input.calls = {missed("a", "10:00:00", "10:00:40")};
  one.input.calls[0].is_over = false;
  one.input.calls[0].ended_at.reset();
  EXPECT_EQ(made(one), "unsorted -") << "it is ringing";
  EXPECT_TRUE(one.choices.asked.empty());
  auto talk = answered("h", "09:00:00", "09:00:10", "09:01:00");
  talk.is_history = true;
  one.input.calls = {talk, missed("a", "10:00:00", "10:00:40")};
  EXPECT_EQ(made(one), "check ivanova") << "who spoke last: with the fan on, a missed call's lead has somebody";
  EXPECT_TRUE(one.choices.asked.empty());
}

TEST(Fan, LeavesOutWhoIsDismissedAndGoesOnWhereNobodyIsLeft) {
  auto parts = made_up::parts();
  parts.employees[1].dismissed_at = at("09:00:00");  // petrov
  auto one = fan();
  one.input.calls = {missed("a", "10:00:00", "10:00:40")};
  made(one, Directory(parts));
  EXPECT_EQ(one.choices.asked[0].members, std::vector<std::string>{"sidorova"});
  parts.employees[3].dismissed_at = at("09:00:00");
  one.choices.asked.clear();
  one.policy.distribution.push_back("duty");
  one.input.calls[0].queue = "support";
  EXPECT_EQ(made(one, Directory(parts)), "unsorted -");
  EXPECT_TRUE(one.choices.asked.empty());
}

TEST(LeastLoaded, AsksAmongEverybodyWhereNobodyIsNamed) {
  Case one;
  one.policy.distribution = {"least_loaded"};
  one.input.calls = {missed("a", "10:00:00", "10:00:40")};
  EXPECT_EQ(made(one), "unsorted -");
  ASSERT_EQ(one.choices.asked.size(), 1u);
  EXPECT_EQ(one.choices.asked[0].step, "least_loaded");
  EXPECT_EQ(one.choices.asked[0].members.size(), 4u);
}

TEST(Offer, IsNobodysUntilSomebodyTakesIt) {
  Case one;
  one.policy.distribution = {"offer", "duty"};
  one.input.calls = {missed("a", "10:00:00", "10:00:40")};
  one.input.calls[0].queue = "support";
  EXPECT_EQ(made(one), "unsorted -") << "duty comes after the offer, which is still open";
  one.input.calls.push_back(
      outgoing("b", "11:00:00", "11:00:10", "11:01:00", {phone("103", "11:00:00", "11:00:10", "11:01:00")}));
  EXPECT_EQ(made(one), "unsorted sidorova") << "who talked with the contact first";
  one.input.lead_changes = {
      {"x", one.run().leads[0].id, at("12:00:00"), "", "responsible", std::nullopt, "petrov", false}};
  EXPECT_EQ(made(one), "unsorted petrov") << "passed on later";
}

TEST(BindToTaker, WaitsForWhoTakesAMissedCall) {
  Case one;
  one.policy.bind_to_taker = true;
  one.input.calls = {missed("a", "10:00:00", "10:00:40"), outgoing("b", "11:00:00", "11:00:10", "11:01:00",
                                                                   {phone("103", "11:00:00", "11:00:10", "11:01:00")})};
  EXPECT_EQ(made(one), "unsorted sidorova");
  EXPECT_EQ(one.run().inquiries[0].lead, one.run().leads[0].id);
}

TEST(Withheld, MakesALeadOfItsOwnWhereThePolicySaysSo) {
  Case one;
  one.input.contact.id = "";
  one.input.calls = {missed("w", "12:15:00", "12:15:25")};
  EXPECT_EQ(made(one), "0 leads");
  one.policy.anonymous_creates = true;
  EXPECT_EQ(made(one), "unsorted -");
  one.policy.when = LeadPolicy::When::never;
  EXPECT_EQ(made(one), "0 leads");
}

TEST(NonTarget, WithdrawsTheLeadUnlessAPersonTouchedIt) {
  Case one;
  one.input.calls = {answered("a", "10:00:00", "10:00:05", "10:00:09")};
  const auto lead = one.run().leads.at(0);
  one.input.kept_leads = {lead};
  one.input.marks = {mark("a", Quality::non_target, "11:00:00")};
  EXPECT_TRUE(one.run().leads.empty());
  one.input.lead_changes = {{"x", lead.id, at("10:30:00"), "ivanova", "stage", std::nullopt, "selection", false}};
  EXPECT_EQ(made(one), "selection ivanova");
}

TEST(History, OfALeadOfOursMakesItWhatItIs) {
  Case one;
  one.input.calls = {answered("a", "10:00:00", "10:00:05", "10:05:00")};
  const auto id = one.run().leads.at(0).id;
  const auto change = [&](const char* name, const std::string& when, const char* field, std::optional<std::string> to) {
    one.input.lead_changes.push_back({name, id, at(when), "ivanova", field, std::nullopt, std::move(to), false});
  };
  change("1", "11:00:00", "stage", "booking");
  change("2", "12:00:00", "responsible", "petrov");
  change("3", "13:00:00", "order", "2026-03-02T10:00:00Z");
  change("4", "13:00:00", "amount", "50000000");
  change("5", "14:00:00", "stage", "refusal");
  const auto lead = one.run().leads.at(0);
  EXPECT_EQ(lead.stage, "refusal");
  EXPECT_EQ(lead.responsible, "petrov");
  EXPECT_EQ(lead.order_at, at("13:00:00"));
  EXPECT_EQ(lead.amount, 50000000);
  EXPECT_EQ(lead.closed_at, at("14:00:00"));
  change("6", "15:00:00", "stage", "check");
  change("7", "15:00:00", "order", std::nullopt);
  EXPECT_FALSE(one.run().leads.at(0).closed_at);
  EXPECT_FALSE(one.run().leads.at(0).order_at);
}

TEST(Told, ALeadOfOursNeedNotBeToldHowItCameToBe) {
  Case one;
  one.input.calls = {answered("a", "10:00:00", "10:00:05", "10:05:00")};
  one.input.kept_leads = one.run().leads;
  LeadRecord told;
  told.id = one.input.kept_leads[0].id;
  told.stage = "deal_done";
  one.input.leads = {told};
  const auto state = one.run();
  ASSERT_EQ(state.leads.size(), 1u) << "closed now, and still the lead of its call";
  EXPECT_EQ(state.leads[0].stage, "deal_done");
  EXPECT_EQ(state.leads[0].inquiry, state.inquiries[0].id);
  EXPECT_EQ(state.facts[0].made_lead, told.id);
}

TEST(Rebuild, KeepsWhatWasDeliveredUnderOtherRules) {
  Case one;
  one.input.calls = {answered("a", "10:00:00", "10:00:05", "10:05:00")};
  one.input.kept_leads = one.run().leads;
  const auto id = one.input.kept_leads[0].id;
  one.policy.when = LeadPolicy::When::never;
  EXPECT_TRUE(one.run().leads.empty());
  one.input.keeps_delivered = true;
  auto rebuilt = one.run();
  ASSERT_EQ(rebuilt.leads.size(), 1u);
  EXPECT_EQ(rebuilt.fixed, std::set<std::string>{id});
  one.input.keeps_delivered = false;
  one.input.fixed = rebuilt.fixed;
  one.input.calls.push_back(answered("b", "11:00:00", "11:00:05", "11:05:00"));
  one.policy.when = LeadPolicy::When::no_open_lead;
  const auto later = one.run();
  ASSERT_EQ(later.leads.size(), 1u) << "it is open, so no other is made";
  EXPECT_EQ(later.leads[0].id, id);
}

}  // namespace
}  // namespace hkl
