// What follows from the whole of a contact (metrics §1.7, §5.3, §7.1).
#include "contacts/derive.h"

#include <gtest/gtest.h>

#include "contacts/made_up.h"

namespace hkl {
namespace {

using namespace made_up;

Verdict says(Quality quality, std::string why = "said so") {
  Verdict verdict;
  verdict.quality = quality;
  verdict.why = std::move(why);
  return verdict;
}

// Short talks are spam; the rest is left to others.
MadeClassifier short_is_spam() {
  return {"spam-guard", [](const hkl_inquiry& inquiry) -> Result<Verdict> {
            const bool is_short = inquiry.touch->answered_at_ms != HKL_UNKNOWN_MS && inquiry.touch->talk_ms < 5000;
            return is_short ? says(Quality::non_target, "a short talk") : Verdict{};
          }};
}

MadeClassifier everything_is_target() {
  return {"kind", [](const hkl_inquiry&) -> Result<Verdict> { return says(Quality::target); }};
}

std::string quality_of(const ContactState& state, const std::string& call) {
  return std::string(word(inquiry_of(state, call).quality));
}

TEST(Quality, TheFirstOpinionInTheConfigsOrderCounts) {
  Case one;
  one.classifiers = {short_is_spam(), everything_is_target()};
  one.input.calls = {incoming("k05", "10:30:00", "10:30:05", "10:30:09"),
                     incoming("k06", "11:00:00", "11:00:20", "11:06:10")};
  const auto state = one.run();
  EXPECT_EQ(quality_of(state, "k05"), "non_target");
  EXPECT_EQ(inquiry_of(state, "k05").why, "spam-guard: a short talk");
  EXPECT_EQ(quality_of(state, "k06"), "target");
  EXPECT_EQ(state.facts[0].quality, Quality::non_target);
}

TEST(Quality, WithoutOpinionItIsUnsortedUntilTakenAndThenUnverified) {
  Case one;
  one.input.calls = {incoming("missed", "10:00:00", "", "10:00:30")};
  EXPECT_EQ(quality_of(one.run(), "missed"), "unsorted");
  one.input.calls.push_back(outgoing("back", "11:00:00", "11:00:10", "11:01:00"));
  EXPECT_EQ(quality_of(one.run(), "missed"), "unverified");
}

TEST(Quality, AClassifierSeesWhatWasDecidedOfThoseBefore) {
  Case one;
  one.classifiers = {short_is_spam(), {"repeat", [](const hkl_inquiry& inquiry) -> Result<Verdict> {
                                         for (std::uint64_t i = 0; i < inquiry.earlier_count; ++i)
                                           if (inquiry.earlier[i]->quality != HKL_QUALITY_NON_TARGET)
                                             return says(Quality::repeat);
                                         return says(Quality::target);
                                       }}};
  one.input.calls = {incoming("a", "10:00:00", "10:00:05", "10:00:09"),
                     incoming("b", "11:00:00", "11:00:05", "11:01:00"),
                     incoming("c", "12:00:00", "12:00:05", "12:01:00")};
  const auto state = one.run();
  EXPECT_EQ(quality_of(state, "a"), "non_target");
  EXPECT_EQ(quality_of(state, "b"), "target");
  EXPECT_EQ(quality_of(state, "c"), "repeat");
}

TEST(Quality, AClassifierThatFailsIsNamedAndTheNextOneIsAsked) {
  Case one;
  one.classifiers = {{"broken", [](const hkl_inquiry&) -> Result<Verdict> { return fail(HKL_INTERNAL, "broken: no"); }},
                     everything_is_target()};
  one.input.calls = {incoming("k", "10:00:00", "10:00:05", "10:01:00")};
  const auto state = one.run();
  EXPECT_EQ(quality_of(state, "k"), "target");
  ASSERT_EQ(state.faults.size(), 1u);
  EXPECT_NE(state.faults[0].find("broken: no"), std::string::npos);
}

TEST(Mark, ByHandStandsAboveEveryClassifierUntilItIsTakenBack) {
  Case one;
  one.classifiers = {everything_is_target()};
  one.input.calls = {incoming("k17", "12:30:00", "", "12:30:10")};
  one.input.marks = {mark("k17", Quality::repeat, "12:35:00"), mark("k17", Quality::non_target, "12:40:00")};
  EXPECT_EQ(quality_of(one.run(), "k17"), "non_target") << "the last one wins";
  EXPECT_EQ(inquiry_of(one.run(), "k17").why, "marked by ivanova at 2026-03-02T09:40:00.000Z");
  one.input.marks.push_back(mark("k17", Quality::no_opinion, "12:50:00"));
  EXPECT_EQ(quality_of(one.run(), "k17"), "target");
}

TEST(Mark, FindsTheCallByAnAliasAndTheInquiryByItsId) {
  Case one;
  auto call = incoming("k1", "12:30:00", "", "12:30:10");
  call.aliases = {"old"};
  one.input.calls = {call};
  one.input.marks = {mark("old", Quality::non_target, "12:40:00")};
  EXPECT_EQ(quality_of(one.run(), "k1"), "non_target");
  one.input.marks[0].call.clear();
  one.input.marks[0].inquiry = inquiry_of(one.run(), "k1").id;
  EXPECT_EQ(quality_of(one.run(), "k1"), "non_target");
}

TEST(Mark, TagsByHandAreTheWholeListAndNoClassifierAddsToThem) {
  Case one;
  one.classifiers = {{"tagger", [](const hkl_inquiry&) -> Result<Verdict> {
                        Verdict verdict;
                        verdict.tags = {"цена", "жалоба"};
                        return verdict;
                      }}};
  auto call = incoming("k", "10:00:00", "10:00:05", "10:01:00");
  call.own_tags = {"жалоба"};
  one.input.calls = {call};
  EXPECT_EQ(one.run().calls[0].tags, (std::vector<std::string>{"жалоба", "цена"}));
  auto tags = mark("k", std::nullopt, "12:00:00");
  tags.tags = {"доставка"};
  tags.rating = 4;
  one.input.marks = {tags};
  EXPECT_EQ(one.run().calls[0].tags, std::vector<std::string>{"доставка"});
  EXPECT_EQ(one.run().calls[0].rating, 4);
}

TEST(Taken, ByWhoAnsweredAndOfAMissedCallByWhoTalkedAfterwards) {
  Case one;
  one.input.calls = {
      incoming("k01", "09:05:00", "09:05:12", "09:08:42", {phone("101", "09:05:00", "09:05:12", "09:08:42")}),
      incoming("k02", "09:20:00", "", "09:20:40"),
      outgoing("k03", "09:45:00", "", "09:45:30", {phone("101", "09:45:00")}),
      outgoing("k04", "10:10:00", "10:10:15", "10:14:15", {phone("102", "10:10:00", "10:10:00", "10:14:15")})};
  const auto state = one.run();
  EXPECT_EQ(inquiry_of(state, "k01").taken_by, "ivanova");
  EXPECT_EQ(inquiry_of(state, "k01").taken_at, at("09:05:12"));
  EXPECT_EQ(inquiry_of(state, "k02").taken_by, "petrov");
  EXPECT_EQ(inquiry_of(state, "k02").taken_at, at("10:10:15"));
  EXPECT_FALSE(inquiry_of(state, "k03").taken_at) << "an attempt of ours is taken by nobody";
  EXPECT_EQ(inquiry_of(state, "k04").taken_how, "talked");
}

TEST(Taken, WhatARecordSaysStands) {
  Case one;
  InquiryRecord told;
  told.id = "i1";
  told.call = "k";
  told.taken_by = "orlov";
  told.taken_how = "assigned";
  told.taken_at = at("12:00:00");
  one.input.inquiries = {told};
  one.input.calls = {
      incoming("k", "10:00:00", "10:00:05", "10:01:00", {phone("101", "10:00:00", "10:00:05", "10:01:00")})};
  const auto state = one.run();
  ASSERT_EQ(state.inquiries.size(), 1u) << "the record is the call's inquiry";
  EXPECT_EQ(state.inquiries[0].id, "i1");
  EXPECT_EQ(state.inquiries[0].taken_by, "orlov");
}

TEST(Advertising, NotOfOutgoingInternalAndUncountedSources) {
  auto all = parts();
  all.ad_sources = {{"partner", "Партнёр", "", {}, false, "", ""}};
  const Directory directory(std::move(all));
  Case one;
  one.policy.when = LeadPolicy::When::never;
  InquiryRecord request;
  request.id = "q";
  request.kind = InquiryKind::manual;
  request.at = at("08:00:00");
  request.ad_source = "partner";
  one.input.inquiries = {request};
  one.input.calls = {incoming("in", "10:00:00", "", "10:00:30"), outgoing("out", "11:00:00", "", "11:00:30"),
                     call(Direction::internal, "own", "12:00:00", "", "12:00:30")};
  const auto state = one.run(directory);
  EXPECT_EQ(inquiry_of(state, "in").advertising, Tri::yes) << "its source is not known, not absent";
  EXPECT_EQ(inquiry_of(state, "out").advertising, Tri::no);
  EXPECT_EQ(inquiry_of(state, "own").advertising, Tri::no);
  EXPECT_EQ(inquiry_of(state, "").advertising, Tri::no);
  one.policy.when = LeadPolicy::When::always;
  one.policy.outgoing_creates = true;
  EXPECT_EQ(inquiry_of(one.run(directory), "out").advertising, Tri::yes) << "a lead was saved from it";
}

TEST(Lead, MadeAtTheRingIsWithdrawnWhenTheCallProvesNonTarget) {
  Case one;
  one.classifiers = {short_is_spam()};
  auto ringing = incoming("k05", "10:30:00", "", "");
  ringing.is_over = false;
  ringing.outcome = Outcome::unknown;
  one.input.calls = {ringing};
  ASSERT_EQ(one.run().leads.size(), 1u);
  one.input.kept_leads = one.run().leads;  // delivered, but nobody touched it
  one.input.calls = {incoming("k05", "10:30:00", "10:30:05", "10:30:09")};
  EXPECT_TRUE(one.run().leads.empty());
  one.input.calls = {incoming("k05", "10:30:00", "10:30:05", "10:31:09")};
  ASSERT_EQ(one.run().leads.size(), 1u);
  one.input.marks = {mark("k05", Quality::non_target, "10:40:00")};
  EXPECT_TRUE(one.run().leads.empty());
}

TEST(Lead, ThatSomebodyTouchedStaysThoughItsCallIsNonTarget) {
  Case one;
  one.input.calls = {incoming("k", "10:30:00", "10:30:05", "10:31:09")};
  auto touched = one.run().leads;
  touched[0].stage = "selection";  // the CRM told of it
  one.input.leads = touched;
  one.input.marks = {mark("k", Quality::non_target, "10:40:00")};
  const auto state = one.run();
  ASSERT_EQ(state.leads.size(), 1u);
  EXPECT_EQ(state.leads[0].stage, "selection");
}

TEST(Lead, DeliveredIsNotTakenBackOnARebuild) {
  Case one;
  one.input.calls = {incoming("k", "10:30:00", "10:30:05", "10:31:09")};
  one.input.kept_leads = one.run().leads;
  one.input.marks = {mark("k", Quality::non_target, "10:40:00")};
  one.input.keeps_delivered = true;
  EXPECT_EQ(one.run().leads.size(), 1u);
}

TEST(Lead, TheCallBelongsToTheOneThatWasOpenWhenItWasOver) {
  Case one;
  LeadRecord lead;
  lead.id = "L1";
  lead.funnel = "sales";
  lead.stage = "check";
  lead.created_at = at("10:30:00");
  lead.responsible = "petrov";
  one.input.leads = {lead};
  one.policy.when = LeadPolicy::When::never;
  one.input.calls = {incoming("before", "10:00:00", "", "10:00:30"), incoming("across", "10:29:50", "", "10:30:20"),
                     incoming("after", "11:00:00", "", "11:00:30")};
  std::vector<std::string> responsible;
  one.rules = {{"look", [&](const hkl_timeline& timeline) -> Result<std::vector<TaskRecord>> {
                  for (std::uint64_t i = 0; i < timeline.touch_count; ++i)
                    responsible.push_back(text(timeline.touches[i]->responsible));
                  return std::vector<TaskRecord>{};
                }}};
  const auto state = one.run();
  EXPECT_EQ(state.calls[0].lead, "");
  EXPECT_EQ(state.calls[1].lead, "L1");
  EXPECT_EQ(state.calls[2].lead, "L1");
  EXPECT_EQ(responsible, (std::vector<std::string>{"", "petrov", "petrov"}));
}

TEST(Inquiry, OfACallThatIsNotThereYetWaits) {
  Case one;
  InquiryRecord told;
  told.id = "i1";
  told.call = "later";
  one.input.inquiries = {told};
  EXPECT_TRUE(one.run().inquiries.empty());
}

}  // namespace
}  // namespace hkl
